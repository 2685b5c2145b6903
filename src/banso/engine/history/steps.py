"""Sums over spans of columns."""

from __future__ import annotations

import numpy as np

from banso.engine.history.rows import Floats, Ints


def spread(
    account: Ints, start: Ints, end: Ints, weights: Floats | None, shape: tuple[int, int]
) -> Floats:
    """Sum over [start, end) spans of columns, by differences at their two ends."""
    accounts, days = shape
    start, end = np.clip(start, 0, days), np.clip(end, 0, days)
    if weights is None:
        # A span without a column adds and takes away in one place, which leaves nothing.
        end = np.maximum(start, end)
    else:
        real = end > start
        account, start, end, weights = account[real], start[real], end[real], weights[real]
    size = accounts * (days + 1)
    steps = np.bincount(account * (days + 1) + start, weights, size).astype(np.float64, copy=False)
    steps -= np.bincount(account * (days + 1) + end, weights, size)
    found: Floats = np.cumsum(steps.reshape(accounts, days + 1), axis=1)[:, :days]
    return found
