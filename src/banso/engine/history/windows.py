"""Window metrics over every day of a span.

Each function works on a grid of accounts × days whose first column lies ``lead`` days before
the first day wanted, so that the window of every wanted day fits; a window without beginning
has lead 0 and takes what lies before the grid into its first column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from banso.engine.definitions import Window
from banso.engine.history.keys import distinct_history
from banso.engine.history.rows import Floats, Ints, Rows

_NEVER = -(2**31)


@dataclass(frozen=True)
class Grid:
    """Where rows fall: the shape, and the rows that lie on it with their cells."""

    accounts: int
    first: int
    lead: int
    days: int
    rows: Rows
    cell: Ints

    @property
    def width(self) -> int:
        """Days of the grid, with the lead."""
        return self.lead + self.days

    def total(self, weights: Floats | None) -> Floats:
        """Per cell the sum of weights, or the number of rows."""
        found = np.bincount(self.cell, weights, self.accounts * self.width)
        return found.astype(np.float64, copy=False).reshape(self.accounts, self.width)

    def over_window(self, cells: Floats) -> Floats:
        """For each wanted day the sum of its window's cells."""
        running = np.cumsum(cells, axis=1)
        if self.lead == 0:
            return running
        return running[:, self.lead :] - running[:, : -self.lead]

    def greatest(self, values: NDArray[Any], empty: float, kind: type) -> NDArray[Any]:
        """Per cell the greatest value."""
        cells: NDArray[Any] = np.full(self.accounts * self.width, empty, dtype=kind)
        np.maximum.at(cells, self.cell, values.astype(kind, copy=False))
        return cells.reshape(self.accounts, self.width)


def window_history(
    rows: Rows, leaf: Window, accounts: int, span: tuple[int, int], first_known: int
) -> Floats:
    """Values of a window metric for accounts × the days of a span, NaN where empty.

    Args:
        span: first and last day number.
        first_known: the day number from which the dataset has rows at all.
    """
    kept = rows.kept(leaf.filters, _has_value(rows, leaf))
    if leaf.aggregation == "distinct":
        values = distinct_history(kept, leaf, accounts, span)
    else:
        values = _on_grid(_lay(kept, leaf, accounts, span), leaf, span)
    if leaf.aggregation in ("count", "sum", "distinct", "slope"):
        untracked = first_known - (span[0] - leaf.offset)
        values[:, : max(0, untracked)] = np.nan
    return values


def _has_value(rows: Rows, leaf: Window) -> NDArray[np.bool_] | None:
    if leaf.column is None:
        return None
    values = rows.columns[leaf.column]
    if np.issubdtype(values.dtype, np.integer):
        return None
    present = ~np.isnan(values)
    return None if present.all() else present


def _lay(rows: Rows, leaf: Window, accounts: int, span: tuple[int, int]) -> Grid:
    lead = leaf.window or 0
    first = span[0] - leaf.offset - lead
    days = span[1] - span[0] + 1
    place = rows.columns["day"] - first
    on_grid = place < lead + days
    if lead:
        on_grid &= place >= 0
    kept = rows.kept((), on_grid)
    place = np.maximum(place[on_grid], 0)
    return Grid(accounts, first, lead, days, kept, kept.account * (lead + days) + place)


def _on_grid(grid: Grid, leaf: Window, span: tuple[int, int]) -> Floats:
    match leaf.aggregation:
        case "count":
            return grid.over_window(grid.total(None))
        case "sum":
            return _sum(grid, leaf)
        case "average":
            number = grid.over_window(grid.total(None))
            number[number == 0] = np.nan
            return _sum(grid, leaf) / number
        case "maximum":
            return _maximum(grid, grid.rows.columns[str(leaf.column)])
        case "slope":
            return _slope(grid, leaf)
        case "latest":
            return _latest(grid, leaf)
        case _:
            last = _last_day(grid)
            wanted = np.arange(span[0], span[1] + 1)
            return np.where(last == _NEVER, np.nan, wanted - last.astype(np.float64))


def _sum(grid: Grid, leaf: Window) -> Floats:
    values = grid.rows.columns[str(leaf.column)]
    return _without_dust(grid, grid.over_window(grid.total(values)), values)


def _without_dust(grid: Grid, sums: Floats, values: Floats) -> Floats:
    """Exactly zero where the window holds no value, which float sums of others may miss."""
    if not np.array_equal(values, np.rint(values)):
        sums[grid.over_window(grid.total(None)) == 0] = 0.0
    return sums


def _slope(grid: Grid, leaf: Window) -> Floats:
    values = grid.rows.columns[str(leaf.column)]
    days = grid.lead
    daily = grid.total(values)
    place = np.arange(grid.width, dtype=np.float64)
    centre = place[days:] - (days - 1) / 2
    moment = grid.over_window(daily * place) - centre * grid.over_window(daily)
    return _without_dust(grid, moment / (days * (days**2 - 1) / 12), values)


def _maximum(grid: Grid, values: Floats) -> Floats:
    cells = grid.greatest(values, -np.inf, np.float64)
    if grid.lead == 0:
        found = np.maximum.accumulate(cells, axis=1)
    else:
        found = _sliding_maximum(cells, grid.lead)[:, 1:]
    found[np.isneginf(found)] = np.nan
    return found


def _sliding_maximum(cells: Floats, window: int) -> Floats:
    """The greatest of each ``window`` neighbours, by doubling: log₂(window) passes."""
    reach = 1
    while reach * 2 <= window:
        cells = np.maximum(cells[:, :-reach], cells[:, reach:])
        reach *= 2
    rest = window - reach
    return np.maximum(cells[:, : cells.shape[1] - rest], cells[:, rest:])


def _last_day(grid: Grid) -> Ints:
    """For each wanted day the last day with a row in its window, or never."""
    cells = grid.greatest(grid.rows.columns["day"], _NEVER, np.int64)
    last: Ints = np.maximum.accumulate(cells, axis=1)[:, grid.lead :]
    if grid.lead:
        starts = grid.first + 1 + np.arange(grid.days)
        last[last < starts] = _NEVER
    return last


def _latest(grid: Grid, leaf: Window) -> Floats:
    """Rank the rows by account, day, sequence and value; the greatest rank so far is the latest."""
    columns = grid.rows.columns
    values, days = columns[str(leaf.column)], columns["day"]
    sequence = columns.get("rank", np.zeros(len(days), dtype=np.int64))
    order = np.lexsort((values, sequence, days, grid.rows.account))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    last = np.maximum.accumulate(grid.greatest(rank, -1, np.int64), axis=1)[:, grid.lead :]
    if not len(order):
        return np.full(last.shape, np.nan)
    found = np.where(last < 0, np.nan, values[order][last])
    if grid.lead:
        found[days[order][last] < grid.first + 1 + np.arange(grid.days)] = np.nan
    return found
