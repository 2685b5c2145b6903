"""One look at the bulletins for all streams of a process, while there are any."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from banso.workspace.services.bulletins import ACCOUNTS, ARRIVALS

logger = logging.getLogger(__name__)
POLL_SECONDS = 0.05
WATCH_SECONDS = 10.0
#: So long a number that was passed over may still come: PostgreSQL commits out of order.
GAP_SECONDS = 5.0
#: After a failed look at the database.
PAUSE_SECONDS = 2.0

Bulletins = list[tuple[int, str, list[int]]]


@dataclass(eq=False)
class Listener:
    """One open page: the accounts it shows, by number, and whether it shows arrivals."""

    accounts: Mapping[int, str]
    wants_arrivals: bool
    changed: set[str] = field(default_factory=set)
    has_arrivals: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, bulletins: Bulletins) -> None:
        """Note what concerns this page."""
        for _, topic, ids in bulletins:
            if topic == ACCOUNTS:
                named = ids or self.accounts
                self.changed.update(self.accounts[i] for i in named if i in self.accounts)
            elif topic == ARRIVALS:
                self.has_arrivals |= self.wants_arrivals
        if self.changed or self.has_arrivals:
            self.wake.set()


class Gaps:
    """Which bulletins are new, where numbers may appear in another order than they were given."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._missing: dict[int, float] = {}

    @property
    def after(self) -> int:
        """The number after which to look."""
        return min(self._missing, default=self._last + 1) - 1

    def fresh(self, bulletins: Bulletins, now: float) -> Bulletins:
        """Those that were not given out before; ``now`` in seconds of any steady clock."""
        new = [one for one in bulletins if one[0] > self._last or one[0] in self._missing]
        for number, _, _ in new:
            self._missing.pop(number, None)
            until = min(number, self._last + 1_000)
            self._missing |= dict.fromkeys(range(self._last + 1, until), now)
            self._last = max(self._last, number)
        self._missing = {n: at for n, at in self._missing.items() if now - at < GAP_SECONDS}
        return new


class Hub:
    """Tells listeners what changed and the worker what is open.

    Args:
        latest: the number of the last bulletin.
        after: the bulletins after a number.
        watch: says that accounts are open.
    """

    def __init__(
        self,
        latest: Callable[[], Awaitable[int]],
        after: Callable[[int], Awaitable[Bulletins]],
        watch: Callable[[Iterable[int]], Awaitable[None]],
    ) -> None:
        self._latest, self._after, self._watch = latest, after, watch
        self._listeners: set[Listener] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._joined = asyncio.Event()

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, listener: Listener) -> None:
        """Begin to tell a listener; the first one starts the looking."""
        self._listeners.add(listener)
        self._joined.set()
        if not self._tasks:
            self._tasks = [
                asyncio.create_task(_again_and_again(work)) for work in (self._poll, self._keep)
            ]

    def leave(self, listener: Listener) -> None:
        """Tell it no more; the last one ends the looking."""
        self._listeners.discard(listener)
        if not self._listeners:
            for task in self._tasks:
                task.cancel()
            self._tasks = []

    async def _poll(self) -> None:
        gaps = Gaps(await self._latest())
        while True:
            await asyncio.sleep(POLL_SECONDS)
            found = gaps.fresh(await self._after(gaps.after), time.monotonic())
            for listener in self._listeners if found else ():
                listener.tell(found)

    async def _keep(self) -> None:
        while True:
            self._joined.clear()
            await self._watch({i for listener in self._listeners for i in listener.accounts})
            with suppress(TimeoutError):
                await asyncio.wait_for(self._joined.wait(), WATCH_SECONDS)
                # Pages are often opened several at a time.
                await asyncio.sleep(POLL_SECONDS)


async def _again_and_again(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Exception:
            # The database may be away for a moment; pages must not need to be loaded again.
            logger.exception("looking for changes failed")
        await asyncio.sleep(PAUSE_SECONDS)
