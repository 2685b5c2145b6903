"""Put passes and arithmetic together into one statement, and remember it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import ibis

from banso.engine.compile.days import as_of, substitute
from banso.engine.compile.passes import LOWEST_SEQUENCE, pass_table, requested_table
from banso.engine.compile.plan import plan_passes
from banso.engine.compile.predicates import conjunction, dataset_table, fulfils
from banso.engine.compile.values import metric_values
from banso.engine.datasets import DatasetSpec, Grain
from banso.engine.definitions import Definition, Filter
from banso.engine.planning import LeafAt, distinct_leaves


@dataclass(frozen=True)
class Statement:
    """SQL with stand-in days, and the datasets whose first days it needs, by position."""

    sql: str
    datasets: tuple[str, ...]

    def on(self, day: date, first_days: Mapping[str, date]) -> str:
        """The SQL for one day."""
        return substitute(
            self.sql, day, {i: first_days[name] for i, name in enumerate(self.datasets)}
        )


@dataclass(frozen=True)
class PassStatement:
    """SQL with stand-in days whose result has account_id and one double per leaf, in this order.

    Accounts without rows are absent from the result.
    """

    sql: str
    leaves: tuple[LeafAt, ...]

    def on(self, day: date) -> str:
        """The SQL for one day."""
        return substitute(self.sql, day, {})


def compile_metrics(
    definitions: Sequence[Definition], specs: Mapping[str, DatasetSpec]
) -> Statement:
    """The statement that computes resolved definitions for the few accounts in ``requested``.

    Its result has account_id and m0, m1, … as doubles in the order of the definitions, one row
    per requested account in their order. Equal arguments give the remembered statement.
    """
    return _compiled(tuple(definitions), _frozen(specs_used(definitions, specs)))


def compile_passes(
    definitions: Sequence[Definition], specs: Mapping[str, DatasetSpec]
) -> tuple[PassStatement, ...]:
    """The statements that compute the leaves of resolved definitions for all accounts.

    Equal arguments give the remembered statements.
    """
    return _compiled_passes(tuple(definitions), _frozen(specs_used(definitions, specs)))


def specs_used(
    definitions: Sequence[Definition], specs: Mapping[str, DatasetSpec]
) -> dict[str, DatasetSpec]:
    """The datasets that resolved definitions read, in a stable order."""
    return {at.leaf.dataset: specs[at.leaf.dataset] for at in distinct_leaves(definitions)}


_FrozenSpecs = tuple[tuple[str, Grain, tuple[tuple[str, Any], ...]], ...]


def _frozen(specs: Mapping[str, DatasetSpec]) -> _FrozenSpecs:
    return tuple((spec.name, spec.grain, tuple(spec.columns.items())) for spec in specs.values())


def _thawed(frozen: _FrozenSpecs) -> dict[str, DatasetSpec]:
    return {name: DatasetSpec(name, grain, dict(columns)) for name, grain, columns in frozen}


@lru_cache(maxsize=256)
def _compiled(definitions: tuple[Definition, ...], frozen: _FrozenSpecs) -> Statement:
    specs = _thawed(frozen)
    values = metric_values(definitions, specs, narrow=True)
    result = values.order_by("position").drop("position")
    return Statement(str(ibis.to_sql(result, dialect="duckdb")), tuple(specs))


@lru_cache(maxsize=256)
def _compiled_passes(
    definitions: tuple[Definition, ...], frozen: _FrozenSpecs
) -> tuple[PassStatement, ...]:
    specs, found = _thawed(frozen), []
    for item in plan_passes(distinct_leaves(definitions)):
        names = {at: f"leaf_{i}" for i, at in enumerate(item.leaves)}
        rows = pass_table(item, specs[item.dataset], names, None)
        doubles = {name: rows[name].cast("float64") for name in names.values()}
        sql = str(ibis.to_sql(rows.select("account_id", **doubles), dialect="duckdb"))
        found.append(PassStatement(sql, item.leaves))
    return tuple(found)


@lru_cache(maxsize=256)
def _compiled_rows(
    frozen: _FrozenSpecs,
    columns: tuple[str, ...],
    flags: tuple[tuple[Filter, ...], ...],
    lookback: int | None,
    ranked: bool,
) -> Statement:
    (spec,) = _thawed(frozen).values()
    requested = requested_table()
    table = dataset_table(spec)
    conditions = [table[spec.day_column] <= as_of(0)]
    if lookback is not None:
        conditions.append(table[spec.day_column] >= as_of(lookback))
    table = table.filter(*conditions)
    added = {"rank": table.seq.coalesce(LOWEST_SEQUENCE)} if ranked else {}
    added |= {
        f"keep_{i}": conjunction(fulfils(table, spec, one) for one in filters)
        for i, filters in enumerate(flags)
    }
    joined = table.mutate(**added).inner_join(requested, "account_id")
    result = joined.select("position", *columns, *added)
    return Statement(str(ibis.to_sql(result, dialect="duckdb")), ())


def compile_rows(
    spec: DatasetSpec,
    columns: Sequence[str],
    flags: Sequence[tuple[Filter, ...]],
    lookback: int | None,
    *,
    ranked: bool = False,
) -> Statement:
    """The statement that reads a dataset's rows of the requested accounts up to a day.

    Its result has position (of the account), the columns, and keep_0, keep_1, … which say
    whether a row fulfils each set of filters.

    Args:
        lookback: days before the day asked for from which rows are read; None: from the first.
        ranked: give also rank, the rows' ``seq`` with the lowest integer for an empty one.
    """
    return _compiled_rows(
        _frozen({spec.name: spec}), tuple(columns), tuple(flags), lookback, ranked
    )
