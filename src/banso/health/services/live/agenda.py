"""Whom to judge next: what people changed and have open first, then the longest waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from banso.health.selectors.due import due_accounts
from banso.health.services.due import forget_due
from banso.health.services.live.judging import Judge
from banso.health.services.live.share import Share
from banso.health.services.live.survey import Survey
from banso.health.services.pending import Pending
from banso.health.services.sync import replace_datasets_of
from banso.health.services.warehouse import warehouse
from banso.workspace.services import bulletins

#: So few are published whole at once.
FEW = 20
#: Accounts published whole at a time, as what is opened meanwhile waits for them.
WHOLE_TOGETHER = 100
#: Accounts whose past is filled in one round.
PAST_TOGETHER = 100
#: Share of the time for accounts that nobody has open while more arrives: to publish whole, and to
#: score days that are past. The rest is for what somebody looks at.
WHOLE_SHARE, PAST_SHARE = 0.05, 0.1
#: Longest time that a round spends on either of them when nothing arrives.
IDLE_SECONDS = 0.15
#: Seconds between two steps for accounts that nobody has open, while events have to wait.
OTHERS_WAIT = 3.0


class Agenda:
    """The order in which a worker judges the accounts that wait."""

    def __init__(self, pending: Pending, judge: Judge) -> None:
        self._pending, self._judge = pending, judge
        self._survey = Survey(pending, judge)
        self._rest, self._past = Share(WHOLE_SHARE), Share(PAST_SHARE)
        self._others_at = 0.0

    def work(self, *, is_idle: bool, is_late: bool = False) -> int:
        """Judge some of those that wait; returns how many accounts were judged.

        Args:
            is_idle: whether nothing arrived in this round, so that nobody is kept waiting.
            is_late: whether what arrived had to wait, so that who has an account open goes first.
        """
        judged = self._due() + self._watched()
        if len(self._pending) <= FEW:
            judged += self._whole(self._pending.take(FEW))
        if is_idle:
            steps = (self._survey.hurry, self._some_whole)
            return judged + sum(self._for(IDLE_SECONDS, step) for step in steps)
        if is_late and time.monotonic() < self._others_at:
            return judged
        self._others_at = time.monotonic() + OTHERS_WAIT
        return judged + (self._survey.go_on() or self._rest.spend(self._some_whole))

    def finish(self) -> None:
        """Leave what is under way to whoever comes next."""
        self._survey.abandon()

    def fill_past(self, *, is_idle: bool) -> int:
        """Score past days again of some accounts with late events; returns of how many."""
        return self._some_past() if is_idle else self._past.spend(self._some_past)

    def _some_past(self) -> int:
        start, accounts = self._pending.take_late(PAST_TOGETHER)
        try:
            if start is not None:
                self._judge.fill_past(list(accounts), start)
        except BaseException:
            self._pending.give_back_late(accounts)
            raise
        # Today tells how the score changed since days that may say something else now.
        self._pending.note_stale({one: batch for one, (_day, batch) in accounts.items()})
        return len(accounts)

    def _for(self, seconds: float, step: Callable[[], int]) -> int:
        """Repeat a step until it finds nothing to do or the time is over."""
        end, total = time.monotonic() + seconds, 0
        while time.monotonic() < end and (done := step()):
            total += done
        return total

    def _due(self) -> int:
        """Accounts that people changed, with everything that rooms know of them."""
        due, began = due_accounts(WHOLE_TOGETHER), time.monotonic()
        if due:
            accounts = sorted(set(due.values()))
            replace_datasets_of(accounts)
            self._judge.forget(accounts)
            self._judge.publish_whole(accounts)
            self._pending.note_judged(accounts, began)
            forget_due(due)
        return len(due)

    def _watched(self) -> int:
        if not len(self._pending) and not self._pending.stale:
            return 0
        watched = bulletins.watched(bulletins.ACCOUNTS)
        warehouse().hold(watched)
        return self._whole(self._pending.take_these(watched))

    def _some_whole(self) -> int:
        """Publish the use of some accounts; in the step after that where they stand."""
        if half_done := self._pending.take_half_done():
            return self._judged_of(half_done, self._judge.publish_standing)
        accounts = self._pending.begin_whole(WHOLE_TOGETHER)
        try:
            if accounts:
                self._judge.publish_use(accounts)
        except BaseException:
            self._pending.note_stale(self._pending.take_half_done())
            raise
        return len(accounts)

    def _whole(self, accounts: dict[int, int]) -> int:
        return self._judged_of(accounts, self._judge.publish_whole)

    def _judged_of(self, accounts: dict[int, int], publish: Callable[[Sequence[int]], None]) -> int:
        began = time.monotonic()
        try:
            if accounts:
                publish(sorted(accounts))
                self._pending.note_judged(accounts, began)
        except BaseException:
            self._pending.give_back(accounts)
            raise
        return len(accounts)
