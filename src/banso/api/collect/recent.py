"""Ids that this process has seen lately, to tell senders about repeats at once."""

from __future__ import annotations

from collections.abc import Sequence

#: Ids in one of the two generations; small sets, because large ones stall the garbage collector.
GENERATION = 50_000


class Recent:
    """Remembers the last ids, between one and two generations of them.

    It only informs: what counts twice is decided behind the door, by all ids of 35 days.
    """

    def __init__(self) -> None:
        self._now: dict[int, set[str]] = {}
        self._before: dict[int, set[str]] = {}
        self._size = 0

    def count_known(self, source: int, keys: Sequence[str]) -> int:
        """How many of these ids came before, or twice among these; all are remembered."""
        fresh = set(keys)
        repeated = len(keys) - len(fresh)
        fresh -= self._now.get(source, set())
        known = len(keys) - repeated - len(fresh)
        if before := self._before.get(source):
            known += len(fresh & before)
        self._remember(source, fresh)
        return repeated + known

    def _remember(self, source: int, fresh: set[str]) -> None:
        if self._size + len(fresh) > GENERATION:
            self._before, self._now, self._size = self._now, {}, 0
        self._now.setdefault(source, set()).update(fresh)
        self._size += len(fresh)
