"""Ids that this process has seen lately, to tell senders about repeats at once."""

from __future__ import annotations

from collections.abc import Sequence

#: Ids in one of the two generations; small sets, because large ones stall the garbage collector.
GENERATION = 50_000
_NOTHING: frozenset[str] = frozenset()


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
        now = self._now.setdefault(source, set())
        before = self._before.get(source, _NOTHING)
        # Nearly always nothing is known; to find that out no set is made.
        known = 0 if before.isdisjoint(keys) else len(before.intersection(keys) - now)
        size = len(now)
        now.update(keys)
        added = len(now) - size
        self._size += added
        if self._size > GENERATION:
            self._before, self._now, self._size = self._now, {}, 0
        return len(keys) - added + known
