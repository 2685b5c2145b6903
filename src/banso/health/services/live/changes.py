"""Bringing what lists sort and filter by up to date, as often as the machine can bear."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np

from banso.health.rules.conditions import SCORE
from banso.health.services.compute.assessment import Assessment
from banso.health.services.compute.columns import patch_columns
from banso.health.services.live.share import Share
from banso.health.services.values import Floats, Ints

#: Seconds between two passes over the columns at least.
PAUSE = 2.0
#: Passes may take this share of the time: at 100,000 accounts one rewrites 800 kB per metric.
SHARE = 0.05
#: How long a pass goes on at a time, as who has an account open waits meanwhile.
SLICE_SECONDS = 0.03


class ColumnChanges:
    """Values of accounts that were judged and are not in the metric columns yet."""

    def __init__(self) -> None:
        self._parts: list[tuple[Sequence[int], Mapping[str, Floats]]] = []
        #: The columns that the pass under way has still to write.
        self._columns: deque[tuple[Ints, str, Floats]] = deque()
        self._share = Share(SHARE)
        self._next_pass = 0.0

    def note(self, found: Assessment) -> None:
        """Remember the values of accounts that have just been judged."""
        self._parts.append((found.picture.ids, {**found.picture.values, SCORE: found.score}))

    def write(self, *, at_once: bool = False) -> None:
        """Write some of what is noted, unless a pass over the columns ended a moment ago.

        Args:
            at_once: write everything.
        """
        while at_once and (self._columns or self._parts):
            self._write(float("inf"))
        if self._columns or (self._parts and time.monotonic() >= self._next_pass):
            self._share.spend(lambda: self._write(SLICE_SECONDS))

    def _write(self, seconds: float) -> int:
        if not self._columns:
            parts, self._parts = self._parts, []
            ids, values = _last_of_each(parts)
            self._columns.extend((ids, key, values[key]) for key in values)
        end, before = time.monotonic() + seconds, len(self._columns)
        while self._columns and time.monotonic() < end:
            ids, key, column = self._columns.popleft()
            patch_columns(ids, {key: column})
        if not self._columns:
            self._next_pass = time.monotonic() + PAUSE
        return before - len(self._columns)


def _last_of_each(
    parts: Sequence[tuple[Sequence[int], Mapping[str, Floats]]],
) -> tuple[Ints, dict[str, Floats]]:
    """Each account once, ascending, with its newest values."""
    newest_first = parts[::-1]
    ids = np.concatenate([np.asarray(part, dtype=np.int64) for part, _ in newest_first])
    unique, at = np.unique(ids, return_index=True)
    keys = dict.fromkeys(key for _, values in newest_first for key in values)
    found = {}
    for key in keys:
        columns = [values.get(key, np.full(len(part), np.nan)) for part, values in newest_first]
        found[key] = np.concatenate(columns)[at]
    return unique, found
