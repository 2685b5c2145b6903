"""Filters and windows as Ibis expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from typing import Any

import ibis
from ibis.expr import types as ir

from banso.engine.compile.days import as_of
from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Filter, Scalar, Window
from banso.engine.warehouse.specs import table_of

_IBIS_TYPES = {"int": "int64", "float": "float64", "text": "string", "day": "date"}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gte": operator.ge,
    "lte": operator.le,
    "gt": operator.gt,
    "lt": operator.lt,
}


def dataset_table(spec: DatasetSpec) -> ir.Table:
    """The dataset as an unbound Ibis table."""
    columns = {name: _IBIS_TYPES[kind] for name, kind in spec.all_columns.items()}
    return ibis.table(columns, name=table_of(spec.name))


def conjunction(conditions: Iterable[ir.BooleanValue]) -> ir.BooleanValue | None:
    """All of the conditions, or None if there are none."""
    found = list(conditions)
    return reduce(operator.and_, found) if found else None


def fulfils(table: ir.Table, spec: DatasetSpec, item: Filter) -> ir.BooleanValue:
    """One filter over a dataset's rows."""
    column = table[item.column]
    is_day = spec.all_columns[item.column] == "day"

    def literal(value: Scalar) -> Any:
        return ibis.literal(date.fromisoformat(str(value)) if is_day else value)

    if isinstance(item.value, tuple):
        found = column.isin([literal(value) for value in item.value])
        return ~found if item.op == "not_in" else found
    condition: ir.BooleanValue = _COMPARISONS[item.op](column, literal(item.value))
    return condition


def first_shift(leaf: Window, shift: int) -> int | None:
    """Days from the day asked for back to the window's first; None: no beginning."""
    return None if leaf.window is None else shift + leaf.offset + leaf.window - 1


def last_shift(leaf: Window, shift: int) -> int:
    """Days from the day asked for back to the window's last."""
    return shift + leaf.offset


def holds(table: ir.Table, shift: int) -> ir.BooleanValue:
    """Whether an interval is true on a day."""
    day = as_of(shift)
    return (table.from_day <= day) & (table.to_day.isnull() | (table.to_day > day))
