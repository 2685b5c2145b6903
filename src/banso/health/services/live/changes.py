"""Bringing what lists sort and filter by up to date, as often as the machine can bear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from banso.health.rules.conditions import SCORE
from banso.health.services.compute.assessment import Assessment
from banso.health.services.compute.columns import patch_columns
from banso.health.services.live.share import Share
from banso.health.services.values import Floats

#: Seconds between two writes at least.
PAUSE = 2.0
#: A write may take this share of the time: at 100,000 accounts it rewrites megabytes per metric.
SHARE = 0.05


class ColumnChanges:
    """Values of accounts that were judged and are not in the metric columns yet."""

    def __init__(self) -> None:
        self._parts: list[tuple[Sequence[int], Mapping[str, Floats]]] = []
        self._share = Share(SHARE, pause=PAUSE)

    def note(self, found: Assessment) -> None:
        """Remember the values of accounts that have just been judged."""
        self._parts.append((found.picture.ids, {**found.picture.values, SCORE: found.score}))

    def write(self, *, at_once: bool = False) -> None:
        """Write what is noted, unless the last write was a moment ago."""
        if self._parts and at_once:
            self._write()
        elif self._parts:
            self._share.spend(self._write)

    def _write(self) -> int:
        parts, self._parts = self._parts, []
        patch_columns(*_last_of_each(parts))
        return len(parts)


def _last_of_each(
    parts: Sequence[tuple[Sequence[int], Mapping[str, Floats]]],
) -> tuple[np.ndarray, dict[str, Floats]]:
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
