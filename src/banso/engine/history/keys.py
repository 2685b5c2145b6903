"""Distinct keys over every day of a span."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from banso.engine.definitions import Window
from banso.engine.history.rows import Floats, Ints, Rows
from banso.engine.history.steps import spread


def distinct_history(rows: Rows, leaf: Window, accounts: int, span: tuple[int, int]) -> Floats:
    """Each key counts from a day of use until its window has passed or the next day of use."""
    days = span[1] - span[0] + 1
    account, key, day = _sorted(rows, str(leaf.column))
    start = day + leaf.offset - span[0]
    same = np.zeros(len(day), dtype=bool)
    same[:-1] = (account[1:] == account[:-1]) & (key[1:] == key[:-1])
    end = np.full(len(day), days) if leaf.window is None else start + leaf.window
    following = np.append(start[1:], 0)
    end = np.where(same, np.minimum(end, following), end)
    return spread(account, start, end, None, (accounts, days))


def _sorted(rows: Rows, column: str) -> tuple[Ints, Ints, Ints]:
    """Account, key as a whole number, and day of the rows, in this order."""
    account, key, day = rows.account, _whole(rows.columns[column]), rows.columns["day"]
    if not len(day):
        return account, key, day
    first, days, keys = int(day.min()), int(np.ptp(day)) + 1, int(key.max()) + 1
    if (int(account.max()) + 1) * keys * days < 2**62:
        # Everything fits into one number, and numbers are sorted many times faster.
        packed = np.sort((account * keys + key) * days + (day - first))
        rest = packed // days
        return rest // keys, rest % keys, packed % days + first
    order = np.lexsort((day, key, account))
    return account[order], key[order], day[order]


def _whole(values: NDArray[Any]) -> Ints:
    """Numbers from 0 on that are equal where the values are."""
    if np.issubdtype(values.dtype, np.integer):
        return values.astype(np.int64)
    if len(values) and np.array_equal(values, np.rint(values)) and np.ptp(values) < 2**62:
        found: Ints = (values - values.min()).astype(np.int64)
        return found
    return np.unique(values, return_inverse=True)[1].astype(np.int64, copy=False)
