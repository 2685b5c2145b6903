"""The values of metrics as one Ibis expression, which any engine of Ibis can run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
from ibis.expr import types as ir

from banso.engine.compile.days import as_of, first_day
from banso.engine.compile.passes import pass_table, requested_table
from banso.engine.compile.plan import plan_passes
from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Change, Definition, Greatest, Ratio, Window
from banso.engine.planning import LeafAt, distinct_leaves, resolved

ZERO_WHEN_TRACKED = frozenset({"count", "sum", "distinct", "slope"})
"""Aggregations that are zero, not empty, for an account without rows."""


def metric_values(
    definitions: Sequence[Definition],
    specs: Mapping[str, DatasetSpec],
    *,
    narrow: bool,
    portable: bool = False,
) -> ir.Table:
    """The values of resolved definitions for the accounts of the table ``requested``.

    Its columns are account_id, position and m0, m1, … as doubles in the order of the definitions;
    its days are stand-ins (:mod:`banso.engine.compile.days`).

    Args:
        specs: the datasets that the definitions read, in the order of their first days.
        narrow: limit every pass to the requested accounts, which pays when they are few.
        portable: use only what every engine can do, at the price of more passes.
    """
    names = {at: f"leaf_{i}" for i, at in enumerate(distinct_leaves(definitions))}
    joined, datasets = _joined(specs, names, narrow, portable), tuple(specs)
    values = joined.select(
        "account_id",
        "position",
        **{name: _settled(joined, at, name, datasets) for at, name in names.items()},
    )
    return values.select(
        "account_id",
        "position",
        **{
            f"m{i}": _value(values, names, item, 0).cast("float64")
            for i, item in enumerate(definitions)
        },
    )


def _joined(
    specs: Mapping[str, DatasetSpec], names: Mapping[LeafAt, str], narrow: bool, portable: bool
) -> Any:
    table = requested_table()
    joined: Any = table
    for i, item in enumerate(plan_passes(list(names), portable=portable)):
        rows = pass_table(item, specs[item.dataset], names, table if narrow else None)
        rows = rows.rename({f"account_{i}": "account_id"})
        joined = joined.left_join(rows, table.account_id == rows[f"account_{i}"])
    return joined


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
            return _greatest([_value(table, names, resolved(one), shift) for one in of])
        case _:
            return table[names[LeafAt(node, shift)]]


def _greatest(values: list[Any]) -> Any:
    """Leaving out the empty ones, which in some engines make everything empty."""
    return ibis.greatest(*(ibis.coalesce(one, *values) for one in values))


def _scaled(value: Any, scale: float) -> Any:
    return value if scale == 1.0 else value * scale
