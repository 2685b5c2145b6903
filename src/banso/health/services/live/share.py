"""Work that may take a part of the time."""

from __future__ import annotations

import time
from collections.abc import Callable


class Share:
    """A part of the time: what took long is not taken up again for long.

    Args:
        share: of all the time, above 0 and up to 1.
    """

    def __init__(self, share: float) -> None:
        self._rest = 1 / share - 1
        self._next = 0.0

    def spend(self, step: Callable[[], int]) -> int:
        """Take a step if its time has come; returns what it did, 0 if it has not."""
        began = time.monotonic()
        if began < self._next:
            return 0
        done, ended = step(), time.monotonic()
        self._next = ended + (ended - began) * self._rest
        return done
