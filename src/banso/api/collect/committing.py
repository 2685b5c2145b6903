"""Group commit: what arrives at the same time is kept in one transaction."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from banso.api.collect.errors import problem
from banso.api.collect.meters import COMMIT_SECONDS, WAITING, count_commit
from banso.usage.services.inbox import Arrival

logger = logging.getLogger(__name__)
#: Requests that arrive within it share one commit.
GATHER_SECONDS = 0.002
#: As many do not wait for others.
ENOUGH = 64
MOST_WAITING = 2_000
MOST_WAITING_BYTES = 32 * 1024 * 1024
#: One transaction takes at most as much, so that it does not keep the worker waiting.
GROUP_BYTES = 8 * 1024 * 1024
_OVERHEAD = 1_000

Waiter = tuple[Arrival, "asyncio.Future[None]"]


class Committer:
    """One thread that keeps arrivals, many at a time, and answers each that is still waited for.

    Groups are put together on the event loop, and the thread hears of whole groups only: a thread
    that is woken for each request takes Python away from those that read the next ones.

    Args:
        keep: keeps arrivals, all or none; runs in the thread.
        begin: called in the thread before anything is kept, and again after a failure.
    """

    def __init__(
        self, keep: Callable[[Sequence[Arrival]], None], begin: Callable[[], None] = lambda: None
    ) -> None:
        self._keep, self._begin = keep, begin
        self._waiting: deque[Waiter] = deque()
        self._bytes = 0
        #: Guards what waits and the two flags; held for moments only.
        self._lock = threading.Lock()
        self._is_keeping = self._is_ending = False
        self._groups: SimpleQueue[list[Waiter]] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        WAITING.set_function(lambda: len(self._waiting))

    def start(self) -> None:
        """Begin to take arrivals."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what still waits, then end."""
        with self._lock:
            self._is_ending = True
            while self._waiting:
                self._groups.put(self._next_group())
        self._groups.put([])
        self._thread.join()

    async def kept(self, arrival: Arrival) -> None:
        """Return once the arrival is durable.

        Raises:
            BansoError: ``busy`` when too much waits, ``not-kept`` when the commit failed.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            full = self._bytes > MOST_WAITING_BYTES or len(self._waiting) >= MOST_WAITING
            if full or self._is_ending:
                raise problem("busy")
            self._waiting.append((arrival, future))
            self._bytes += _weight(arrival)
            count = len(self._waiting)
        if count == 1:
            loop.call_later(GATHER_SECONDS, self._hand_over)
        elif count == ENOUGH:
            self._hand_over()
        await future

    def _hand_over(self) -> None:
        with self._lock:
            if self._waiting and not self._is_keeping:
                self._is_keeping = True
                self._groups.put(self._next_group())

    def _next_group(self) -> list[Waiter]:
        group: list[Waiter] = []
        size = 0
        while self._waiting and size < GROUP_BYTES:
            group.append(self._waiting.popleft())
            size += _weight(group[-1][0])
        self._bytes -= size
        return group

    def _run(self) -> None:
        self._begin()
        while group := self._groups.get():
            with COMMIT_SECONDS.time():
                is_kept = self._commit([arrival for arrival, _ in group])
            count_commit(is_kept)
            loop = group[0][1].get_loop()
            # The loop may have ended while this group was kept; nobody waits for it then.
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._finish, group, is_kept)

    def _commit(self, arrivals: list[Arrival]) -> bool:
        try:
            self._keep(arrivals)
        except Exception:
            logger.exception("%s requests could not be kept", len(arrivals))
            self._recover()
            return False
        return True

    def _recover(self) -> None:
        try:
            self._begin()
        except Exception:
            logger.exception("the inbox cannot be reached; the next group tries again")

    def _finish(self, group: list[Waiter], is_kept: bool) -> None:
        self._is_keeping = False
        # What came while this group was kept has waited long enough.
        self._hand_over()
        for _, future in group:
            # A sender that has gone has cancelled its future; the others must still hear.
            if future.done():
                continue
            if is_kept:
                future.set_result(None)
            else:
                future.set_exception(problem("not-kept"))


def _weight(arrival: Arrival) -> int:
    return len(arrival.body) + _OVERHEAD + sum(len(one.body) for one in arrival.refused)
