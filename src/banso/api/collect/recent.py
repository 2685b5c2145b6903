"""Ids that this process has seen lately, to tell senders about repeats at once."""

from __future__ import annotations

from collections.abc import Iterable

#: Ids in one of the two generations; small sets, because large ones stall the garbage collector.
GENERATION = 100_000


class Recent:
    """Remembers the last ids, between one and two generations of them.

    It only informs: what counts twice is decided behind the door, by all ids of 35 days.
    """

    def __init__(self) -> None:
        self._now: set[int] = set()
        self._before: set[int] = set()

    def count_known(self, source: int, keys: Iterable[str]) -> int:
        """How many of these ids came before, or twice among these; all are remembered."""
        hashes = [hash((source, key)) for key in keys]
        fresh = set(hashes)
        known = len(hashes) - len(fresh) + len(fresh & self._now)
        known += len((fresh - self._now) & self._before)
        if len(self._now) + len(fresh) > GENERATION:
            self._before, self._now = self._now, set()
        self._now |= fresh
        return known
