"""What a worker does when there has been nothing to do for a while."""

from __future__ import annotations

import time

from banso.health.services.warehouse import warehouse
from banso.kit.memory import give_back

#: Seconds without work after which memory is given back.
REST_AFTER = 10.0


class Idle:
    """Gives memory back once after work, when nothing has been done for some seconds."""

    def __init__(self) -> None:
        self._worked_at: float | None = time.monotonic()

    def note(self, *, worked: bool) -> None:
        """A round is over, in which something was done or nothing."""
        if worked:
            self._worked_at = time.monotonic()
        elif self._worked_at is not None and time.monotonic() - self._worked_at > REST_AFTER:
            self._worked_at = None
            warehouse().rest()
            give_back()
