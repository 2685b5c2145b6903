"""Put passes and arithmetic together into one statement, and remember it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import ibis
from ibis.expr import types as ir

from banso.engine.compile.days import as_of, first_day, substitute
from banso.engine.compile.passes import (
    LOWEST_SEQUENCE,
    pass_table,
    plan_passes,
    requested_table,
)
from banso.engine.compile.predicates import conjunction, dataset_table, fulfils
from banso.engine.datasets import DatasetSpec, Grain
from banso.engine.definitions import Change, Definition, Filter, Greatest, Ratio, Window
from banso.engine.planning import LeafAt, distinct_leaves, resolved

ZERO_WHEN_TRACKED = frozenset({"count", "sum", "distinct", "slope"})
"""Aggregations that are zero, not empty, for an account without rows."""


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
    wanted = distinct_leaves(definitions)
    used = {name: specs[name] for name in dict.fromkeys(at.leaf.dataset for at in wanted)}
    return _compiled(tuple(definitions), _frozen(used), narrow)


_FrozenSpecs = tuple[tuple[str, Grain, tuple[tuple[str, Any], ...]], ...]


def _frozen(specs: Mapping[str, DatasetSpec]) -> _FrozenSpecs:
    return tuple((spec.name, spec.grain, tuple(spec.columns.items())) for spec in specs.values())


def _thawed(frozen: _FrozenSpecs) -> dict[str, DatasetSpec]:
    return {name: DatasetSpec(name, grain, dict(columns)) for name, grain, columns in frozen}


@lru_cache(maxsize=256)
def _compiled(definitions: tuple[Definition, ...], frozen: _FrozenSpecs, narrow: bool) -> Statement:
    specs = _thawed(frozen)
    wanted = distinct_leaves(definitions)
    names = {at: f"leaf_{i}" for i, at in enumerate(wanted)}
    table = requested_table()
    joined: Any = table
    for i, item in enumerate(plan_passes(wanted)):
        rows = pass_table(item, specs[item.dataset], names, table if narrow else None)
        rows = rows.rename({f"account_{i}": "account_id"})
        joined = joined.left_join(rows, table.account_id == rows[f"account_{i}"])
    datasets = tuple(specs)
    values = joined.select(
        "account_id",
        "position",
        **{name: _settled(joined, at, name, datasets) for at, name in names.items()},
    )
    result = values.order_by("position").select(
        "account_id",
        **{
            f"m{i}": _value(values, names, item, 0).cast("float64")
            for i, item in enumerate(definitions)
        },
    )
    return Statement(str(ibis.to_sql(result, dialect="duckdb")), datasets)


def _settled(table: Any, at: LeafAt, name: str, datasets: Sequence[str]) -> ir.Value:
    """A leaf as a double: zero or empty for an account without rows, as its kind wants it."""
    value = table[name].cast("float64")
    if at.leaf.aggregation not in ZERO_WHEN_TRACKED:
        return value
    offset = at.leaf.offset if isinstance(at.leaf, Window) else 0
    tracked = as_of(at.shift + offset) >= first_day(list(datasets).index(at.leaf.dataset))
    return ibis.ifelse(tracked, value.coalesce(0.0), ibis.null("float64"))


def _value(table: Any, names: Mapping[LeafAt, str], node: Definition, shift: int) -> Any:
    match node:
        case Ratio(numerator, denominator, scale):
            above = _value(table, names, resolved(numerator), shift)
            below = _value(table, names, resolved(denominator), shift)
            return _scaled(above, scale) / below.nullif(0.0)
        case Change(of, days, mode, scale):
            now = _value(table, names, resolved(of), shift)
            before = _value(table, names, resolved(of), shift + days)
            difference = _scaled(now - before, scale)
            return difference / before.nullif(0.0) if mode == "relative" else difference
        case Greatest(of):
            return ibis.greatest(*(_value(table, names, resolved(one), shift) for one in of))
        case _:
            return table[names[LeafAt(node, shift)]]


def _scaled(value: Any, scale: float) -> Any:
    return value if scale == 1.0 else value * scale


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
