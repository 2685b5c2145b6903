"""Who used what on the last days, held in memory: asking a table of millions reads all of it."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]
#: A sorted run swallows later ones that are no longer this much smaller than itself.
_GROWTH = 4


class HotUsers:
    """Digests of (day, account, feature, user) for every such that was seen since a first day."""

    def __init__(self) -> None:
        self.since: date | None = None
        #: Day to sorted runs, the longest first.
        self._runs: dict[date, list[Digests]] = {}

    def forget(self) -> None:
        """Facts changed in ways that nobody followed."""
        self.since, self._runs = None, {}

    def begin(self, since: date) -> None:
        """Know all of these and later days, of earlier ones nothing."""
        self.since = since
        self._runs = {day: runs for day, runs in self._runs.items() if day >= since}

    def unseen(self, day: date, digests: Digests) -> Digests:
        """Those that have not been added, each once."""
        found = np.unique(digests)
        for run in self._runs.get(day, ()):
            at = np.minimum(np.searchsorted(run, found), len(run) - 1)
            found = found[run[at] != found]
        return found

    def add(self, day: date, digests: Digests) -> None:
        """Remember digests of which none was added before."""
        run, runs = np.sort(digests), self._runs.setdefault(day, [])
        if not len(run):
            return
        while runs and len(runs[-1]) < _GROWTH * len(run):
            run = np.sort(np.concatenate([runs.pop(), run]), kind="stable")
        runs.append(run)
