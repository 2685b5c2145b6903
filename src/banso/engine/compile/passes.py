"""One pass over a dataset computes all leaves that read it, one row per account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
from ibis.expr import types as ir

from banso.engine.compile.days import as_of
from banso.engine.compile.plan import MOST_BITS, Pass
from banso.engine.compile.predicates import (
    conjunction,
    dataset_table,
    first_shift,
    fulfils,
    holds,
    last_shift,
)
from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Filter, State, Window
from banso.engine.planning import LeafAt

LOWEST_SEQUENCE = -(2**63) + 1
Named = Mapping[LeafAt, str]


def pass_table(item: Pass, spec: DatasetSpec, names: Named, requested: ir.Table | None) -> ir.Table:
    """A table of account_id and one column per leaf; accounts without rows are absent.

    Args:
        requested: the accounts to which the pass is limited, or None for all.
    """
    rows = _rows(item, spec)
    if requested is not None:
        # Last, because passes with rows in common share what was read, and read it once.
        rows = rows.semi_join(requested, "account_id")
    if spec.grain == "interval":
        return _state_pass(rows, spec, item, names)
    if item.key is not None:
        return _distinct_pass(rows, spec, item, names, item.key)
    if item.ranked:
        return _ranked_pass(rows, spec, item, names)
    return _window_pass(rows, spec, item, names)


def _rows(item: Pass, spec: DatasetSpec) -> ir.Table:
    """The rows known on the days that any leaf of a pass looks at."""
    table = dataset_table(spec)
    if spec.grain == "interval":
        return table.filter(table.from_day <= as_of(min(at.shift for at in item.leaves)))
    return _Bounds(_windows(item)).narrowed(table)


def _windows(item: Pass) -> list[tuple[Window, int]]:
    return [(at.leaf, at.shift) for at in item.leaves if isinstance(at.leaf, Window)]


class _Bounds:
    """The days that any leaf of a pass needs, so that the leaves need not ask for them again."""

    def __init__(self, windows: Sequence[tuple[Window, int]]) -> None:
        starts = [first_shift(leaf, shift) for leaf, shift in windows]
        bounded = [start for start in starts if start is not None]
        self.start = max(bounded) if len(bounded) == len(starts) else None
        self.end = min(last_shift(leaf, shift) for leaf, shift in windows)

    def narrowed(self, table: ir.Table) -> ir.Table:
        conditions = [table.day <= as_of(self.end)]
        if self.start is not None:
            conditions.append(table.day >= as_of(self.start))
        return table.filter(*conditions)

    def within(self, table: ir.Table, leaf: Window, shift: int) -> list[ir.BooleanValue]:
        """The conditions of a window that the pass as a whole does not fulfil already."""
        conditions = []
        start, end = first_shift(leaf, shift), last_shift(leaf, shift)
        if start is not None and start != self.start:
            conditions.append(table.day >= as_of(start))
        if end != self.end:
            conditions.append(table.day <= as_of(end))
        return conditions


def _with_flags(
    table: ir.Table, spec: DatasetSpec, item: Pass
) -> tuple[ir.Table, dict[tuple[Filter, ...], str]]:
    """Each distinct set of filters computed once per row, as a boolean column."""
    sets = dict.fromkeys(at.leaf.filters for at in item.leaves if at.leaf.filters)
    names = {filters: f"keep_{i}" for i, filters in enumerate(sets)}
    flags = {
        name: conjunction(fulfils(table, spec, one) for one in filters)
        for filters, name in names.items()
    }
    return (table.mutate(**flags) if flags else table), names


def _window_pass(rows: ir.Table, spec: DatasetSpec, item: Pass, names: Named) -> ir.Table:
    windows = _windows(item)
    bounds = _Bounds(windows)
    table, flags = _with_flags(rows, spec, item)
    columns = {}
    for at, (leaf, shift) in zip(item.leaves, windows, strict=True):
        conditions = bounds.within(table, leaf, shift)
        if leaf.filters:
            conditions.append(table[flags[leaf.filters]])
        columns[names[at]] = _aggregate(table, spec, leaf, shift, conditions)
    return table.group_by("account_id").aggregate(**columns)


def _aggregate(
    table: ir.Table,
    spec: DatasetSpec,
    leaf: Window,
    shift: int,
    conditions: list[ir.BooleanValue],
) -> ir.Value:
    where = conjunction(conditions)
    if leaf.aggregation == "count":
        return table.count(where=where)
    if leaf.aggregation == "days_since_last":
        return as_of(shift).delta(table.day.max(where=where), unit="day")
    if leaf.aggregation == "distinct":
        return _days(table, leaf, shift, where)
    column: Any = table[str(leaf.column)]
    if leaf.aggregation == "slope":
        return _slope(table, column, leaf, shift, where)
    if leaf.aggregation == "latest":
        return _latest(table, spec, column, where)
    return _simple(column, leaf.aggregation, where)


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def bit_count(bits: int) -> int:  # type: ignore[empty-body]
    """How many bits are set; DuckDB has it under this name."""


def _days(table: ir.Table, leaf: Window, shift: int, where: ir.BooleanValue | None) -> ir.Value:
    """The days with rows, each a bit by its age; see :func:`~.plan.counts_days`."""
    age = as_of(last_shift(leaf, shift)).delta(table.day, unit="day")
    # A condition keeps rows from being counted but not from being computed with.
    bit = ibis.literal(1, "int64") << age.clip(0, MOST_BITS - 1)
    return bit_count(bit.bit_or(where=where))


def _simple(column: Any, aggregation: str, where: ir.BooleanValue | None) -> Any:
    """An aggregation that the database has itself."""
    by_name = {
        "sum": column.sum,
        # PostgreSQL averages whole numbers as decimals, of which Ibis knows nothing.
        "average": column.cast("float64").mean,
        "maximum": column.max,
        "minimum": column.min,
    }
    return by_name[aggregation](where=where)


def _slope(
    table: ir.Table, column: Any, leaf: Window, shift: int, where: ir.BooleanValue | None
) -> ir.Value:
    """Σ(t − t̄)·y ÷ Σ(t − t̄)², where the divisor of n consecutive days is n(n² − 1)/12."""
    days = leaf.window or 2
    age = as_of(last_shift(leaf, shift)).delta(table.day, unit="day")
    weighted = column.cast("float64") * ((days - 1) / 2 - age)
    return weighted.sum(where=where) / (days * (days**2 - 1) / 12)


def _latest(
    table: ir.Table, spec: DatasetSpec, column: Any, where: ir.BooleanValue | None
) -> ir.Value:
    return column.last(where=where, order_by=_order(table, spec, column))


def _order(table: ir.Table, spec: DatasetSpec, column: Any) -> list[Any]:
    """What makes one fact later than another."""
    if spec.columns.get("seq") == "int":
        return [table.day, table.seq.coalesce(LOWEST_SEQUENCE), column]
    return [table.day, column]


def _ranked_pass(rows: ir.Table, spec: DatasetSpec, item: Pass, names: Named) -> ir.Table:
    windows = _windows(item)
    leaf, table = windows[0][0], rows
    column: Any = table[str(leaf.column)]
    table = table.filter(column.notnull(), *(fulfils(table, spec, one) for one in leaf.filters))
    latest = [one.desc() for one in _order(table, spec, table[str(leaf.column)])]
    place = ibis.row_number().over(group_by="account_id", order_by=latest)
    first = table.mutate(place=place).filter(lambda rows: rows.place == 0)
    return first.select("account_id", **{names[item.leaves[0]]: first[str(leaf.column)]})


def _distinct_pass(
    rows: ir.Table, spec: DatasetSpec, item: Pass, names: Named, key: str
) -> ir.Table:
    """Per account and key the last day seen, then per account the keys seen late enough.

    All windows that end on one day share that last day, whatever their length.
    """
    windows = _windows(item)
    bounds = _Bounds(windows)
    table, flags = _with_flags(rows, spec, item)
    last: dict[tuple[int, tuple[Filter, ...]], str] = {}
    for leaf, shift in windows:
        last.setdefault((last_shift(leaf, shift), leaf.filters), f"last_{len(last)}")
    columns = {}
    for (end, filters), name in last.items():
        conditions = [] if end == bounds.end else [table.day <= as_of(end)]
        if filters:
            conditions.append(table[flags[filters]])
        columns[name] = table.day.max(where=conjunction(conditions))
    seen = table.filter(table[key].notnull()).group_by("account_id", key).aggregate(**columns)
    counts = {}
    for at, (leaf, shift) in zip(item.leaves, windows, strict=True):
        day = seen[last[last_shift(leaf, shift), leaf.filters]]
        start = first_shift(leaf, shift)
        late = day.notnull() if start is None else day >= as_of(start)
        counts[names[at]] = seen.count(where=late)
    return seen.group_by("account_id").aggregate(**counts)


def _state_pass(rows: ir.Table, spec: DatasetSpec, item: Pass, names: Named) -> ir.Table:
    table, flags = _with_flags(rows, spec, item)
    columns = {}
    for at in item.leaves:
        leaf = at.leaf
        if not isinstance(leaf, State):
            raise TypeError(f"{leaf} does not read intervals.")
        conditions = [holds(table, at.shift)]
        if leaf.filters:
            conditions.append(table[flags[leaf.filters]])
        columns[names[at]] = _state_aggregate(table, leaf, at.shift, conjunction(conditions))
    return table.group_by("account_id").aggregate(**columns)


def _state_aggregate(
    table: ir.Table, leaf: State, shift: int, where: ir.BooleanValue | None
) -> ir.Value:
    if leaf.aggregation == "count":
        return table.count(where=where)
    column: Any = table[str(leaf.column)]
    if leaf.aggregation == "days_until":
        return column.min(where=where).delta(as_of(shift), unit="day")
    if leaf.aggregation == "days_since":
        return as_of(shift).delta(column.min(where=where), unit="day")
    return _simple(column, leaf.aggregation, where)


def requested_table() -> ir.Table:
    """The accounts asked for, in their order."""
    return ibis.table({"account_id": "int64", "position": "int64"}, name="requested")
