"""State metrics over every day of a span."""

from __future__ import annotations

import numpy as np

from banso.engine.definitions import State
from banso.engine.history.rows import Floats, Ints, Rows
from banso.engine.history.steps import spread


def state_history(
    rows: Rows, leaf: State, accounts: int, span: tuple[int, int], first_known: int
) -> Floats:
    """Values of a state metric for accounts × the days of a span, NaN where empty.

    Args:
        span: first and last day number.
        first_known: the day number from which the dataset has rows at all.
    """
    present = None if leaf.column is None else ~np.isnan(rows.columns[leaf.column])
    kept = rows.kept(leaf.filters, present)
    shape = (accounts, span[1] - span[0] + 1)
    if leaf.aggregation in ("count", "sum"):
        values = _total(kept, leaf, shape, span[0])
        values[:, : max(0, first_known - span[0])] = np.nan
        return values
    found = _extreme(kept, leaf, shape, span[0])
    if leaf.aggregation == "days_until":
        found -= np.arange(span[0], span[1] + 1)
    elif leaf.aggregation == "days_since":
        found = np.arange(span[0], span[1] + 1) - found
    return found


def _total(rows: Rows, leaf: State, shape: tuple[int, int], first: int) -> Floats:
    start, end = _columns_held(rows, shape, first)
    number = spread(rows.account, start, end, None, shape)
    if leaf.column is None:
        return number
    total = spread(rows.account, start, end, rows.columns[leaf.column], shape)
    total[number == 0] = 0.0
    return total


def _extreme(rows: Rows, leaf: State, shape: tuple[int, int], first: int) -> Floats:
    """Lay the intervals over each other, the one that counts last, so that it stays on top."""
    values = rows.columns[str(leaf.column)]
    order = np.argsort(values if leaf.aggregation == "maximum" else -values, kind="stable")
    start, end = _columns_held(rows, shape, first)
    found = np.full(shape, np.nan)
    for i in order:
        found[rows.account[i], start[i] : end[i]] = values[i]
    return found


def _columns_held(rows: Rows, shape: tuple[int, int], first: int) -> tuple[Ints, Ints]:
    """The columns [start, end) in which each interval is true; start ≥ end: in none."""
    start = np.clip(rows.columns["from_day"] - first, 0, shape[1])
    end = np.clip(np.nan_to_num(rows.columns["to_day"] - first, nan=shape[1]), 0, shape[1])
    return start, end.astype(np.int64)
