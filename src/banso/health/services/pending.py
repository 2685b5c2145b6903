"""Which accounts' published figures are behind what the warehouse knows."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from datetime import date
from itertools import islice


class Pending:
    """Accounts to judge, to publish whole, and to fill the past of, the longest waiting first.

    An account that was judged and looks the same waits once more, because its usage and its figures
    are still to be published.

    Kept in memory: batches count as judged only when none of their accounts waits any more, so that
    a worker that dies leaves behind which batches were not. Threads may share it.
    """

    def __init__(self) -> None:
        #: Account to the moment (monotonic) at which it was judged last by this queue's worker.
        self._judged: dict[int, float] = {}
        self._lock = threading.Lock()
        #: Account to the first batch that its figures do not show.
        self._accounts: dict[int, int] = {}
        #: Account to the first day before today whose figures changed.
        self._late: dict[int, tuple[date, int]] = {}
        #: Account that was judged, but not published whole, to the batch that it waits for.
        self._stale: dict[int, int] = {}
        #: Account of which the use was published, but not where it stands, to the same.
        self._half_done: dict[int, int] = {}
        #: Account that is looked at beside the rounds to the batch that it waits for.
        self._lent: dict[int, int] = {}
        self._batches: list[int] = []

    def __len__(self) -> int:
        return len(self._accounts)

    @property
    def stale(self) -> int:
        """How many accounts wait to be published whole."""
        return len(self._stale)

    def note(self, batch_id: int, accounts: Iterable[int]) -> None:
        """A batch changed the figures of accounts; 0 stands for something else that did."""
        with self._lock:
            if batch_id > max(self._batches, default=0):
                self._batches.append(batch_id)
            for one in accounts:
                self._accounts.setdefault(one, batch_id)

    def note_judged(self, accounts: Iterable[int], began: float) -> None:
        """Accounts were judged by what was known at a moment of the monotonic clock."""
        with self._lock:
            self._judged.update(dict.fromkeys(accounts, began))

    def again(self, since: float) -> None:
        """Have accounts judged once more that were judged after a moment.

        A run over all accounts publishes what it knew when it began; what was judged meanwhile
        would otherwise look old again.
        """
        with self._lock:
            newer = [one for one, moment in self._judged.items() if moment >= since]
            self._judged.clear()
            for one in newer:
                self._accounts.setdefault(one, 0)

    def note_late(self, batch_id: int, days: dict[int, date]) -> None:
        """A batch changed past days of accounts, from the given day of each on."""
        with self._lock:
            for one, day in days.items():
                known, first = self._late.get(one, (day, batch_id))
                self._late[one] = (min(day, known), first)

    def take(self, most: int) -> dict[int, int]:
        """Up to ``most`` of the longest waiting accounts, with the batch that each waits for.

        They are not in the queue any more; :meth:`give_back` returns them.
        """
        with self._lock:
            return {one: self._accounts.pop(one) for one in list(islice(self._accounts, most))}

    def lend(self, most: int) -> dict[int, int]:
        """Like :meth:`take`, but until :meth:`note_surveyed` the batches count as not judged."""
        with self._lock:
            chosen = {one: self._accounts.pop(one) for one in list(islice(self._accounts, most))}
            self._lent |= chosen
            return chosen

    def recall(self) -> None:
        """Have accounts that are lent wait again, as nobody looks at them any more."""
        self.give_back(dict(self._lent))

    def judged_since(self, accounts: Iterable[int], moment: float) -> set[int]:
        """Those of the accounts that were judged at a moment of the monotonic clock or later."""
        with self._lock:
            return {one for one in accounts if self._judged.get(one, moment - 1) >= moment}

    def note_surveyed(self, accounts: dict[int, int], began: float) -> None:
        """Accounts that were lent have been judged, and are to be published whole some time."""
        with self._lock:
            for one, batch_id in accounts.items():
                self._lent.pop(one, None)
                self._judged[one] = max(began, self._judged.get(one, began))
                self._stale.setdefault(one, batch_id)

    def take_these(self, accounts: Collection[int]) -> dict[int, int]:
        """Those of the accounts which wait for anything, whole."""
        with self._lock:
            found = {one: self._stale.pop(one) for one in accounts if one in self._stale}
            for one in accounts:
                if one in self._accounts:
                    batch_id = self._accounts.pop(one)
                    found[one] = min(batch_id, found.get(one, batch_id))
            return found

    def note_stale(self, accounts: dict[int, int]) -> None:
        """Accounts were judged, and are to be published whole when there is time."""
        with self._lock:
            for one, batch_id in accounts.items():
                self._stale.setdefault(one, batch_id)

    def begin_whole(self, most: int) -> list[int]:
        """Up to ``most`` of the accounts that have waited longest to be published whole.

        They are half done until :meth:`take_half_done`.
        """
        with self._lock:
            chosen = list(islice(self._stale, most))
            self._half_done |= {one: self._stale.pop(one) for one in chosen}
            return chosen

    def take_half_done(self) -> dict[int, int]:
        """The accounts that were begun, with the batch that each waits for."""
        with self._lock:
            found, self._half_done = self._half_done, {}
            return found

    def give_back(self, accounts: dict[int, int]) -> None:
        """Put accounts that could not be judged back, in front of all others."""
        with self._lock:
            for one in accounts:
                self._lent.pop(one, None)
            for one, batch_id in self._accounts.items():
                accounts.setdefault(one, batch_id)
            self._accounts = accounts

    def take_late(self, most: int) -> tuple[date | None, dict[int, tuple[date, int]]]:
        """The first day to fill, and up to ``most`` accounts with what they wait for."""
        with self._lock:
            chosen = {one: self._late.pop(one) for one in list(islice(self._late, most))}
        return min((day for day, _ in chosen.values()), default=None), chosen

    def give_back_late(self, accounts: dict[int, tuple[date, int]]) -> None:
        """Put accounts whose past could not be filled back."""
        for one, (day, batch_id) in accounts.items():
            self.note_late(batch_id, {one: day})

    def tracked(self) -> set[int]:
        """The batches of which accounts may wait."""
        with self._lock:
            return set(self._batches)

    def settled(self) -> list[int]:
        """The batches of which no account waits any more; each is told once."""
        with self._lock:
            late = (batch for _, batch in self._late.values())
            waiting = (self._accounts, self._stale, self._half_done, self._lent)
            oldest = min((*late, *(i for one in waiting for i in one.values())), default=None)
            done = [one for one in self._batches if oldest is None or one < oldest]
            self._batches = self._batches[len(done) :]
            return done


#: The queue of this process.
pending = Pending()
