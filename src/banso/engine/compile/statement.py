"""Put passes and arithmetic together into one statement, and remember it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import ibis

from banso.engine.compile.days import as_of, substitute
from banso.engine.compile.passes import LOWEST_SEQUENCE, requested_table
from banso.engine.compile.predicates import conjunction, dataset_table, fulfils
from banso.engine.compile.values import metric_values
from banso.engine.datasets import DatasetSpec, Grain
from banso.engine.definitions import Definition, Filter
from banso.engine.planning import distinct_leaves


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


def compile_metrics(
    definitions: Sequence[Definition], specs: Mapping[str, DatasetSpec], *, narrow: bool
) -> Statement:
    """The statement that computes resolved definitions for the accounts in ``requested``.

    Its result has account_id and m0, m1, … as doubles in the order of the definitions, one row
    per requested account in their order. Equal arguments give the remembered statement.

    Args:
        narrow: limit every pass to the requested accounts, which pays when they are few.
    """
    return _compiled(tuple(definitions), _frozen(specs_used(definitions, specs)), narrow)


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
def _compiled(definitions: tuple[Definition, ...], frozen: _FrozenSpecs, narrow: bool) -> Statement:
    specs = _thawed(frozen)
    values = metric_values(definitions, specs, narrow=narrow)
    result = values.order_by("position").drop("position")
    return Statement(str(ibis.to_sql(result, dialect="duckdb")), tuple(specs))


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
