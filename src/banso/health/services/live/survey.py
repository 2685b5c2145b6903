"""Looking for changes among very many accounts beside the rounds."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np

from banso.health.services.compute.assessment import Assessment
from banso.health.services.live.judging import Judge, Question
from banso.health.services.live.share import Share
from banso.health.services.pending import Pending
from banso.health.services.values import Ints

#: Accounts looked at together: reading roll-ups costs nearly the same for two thousand.
TOGETHER = 15_000
#: Accounts published in one step, and the share of the time for such steps while more arrives.
PUBLISHED, SHARE = 150, 0.15
#: Accounts judged in one round because something besides their use was changed.
UNKNOWN = 500
#: Seconds of rest per second of reading while more arrives, for all share the machine.
REST = 5.0
#: Seconds to wait for an answer at a time when nothing else is to be done.
WAIT = 0.05


@dataclass
class _UnderWay:
    """Accounts that are looked at, with the batch that each waits for."""

    accounts: dict[int, int]
    question: Question
    began: float
    answer: Future[Assessment]
    #: What is still to be published; empty until the answer is there.
    changed: list[Assessment] = field(default_factory=list)
    is_answered: bool = False


class Survey:
    """Assesses accounts in a thread of its own, and publishes changes bit by bit in the rounds.

    Nobody who has an account open waits for it. What was judged in a round meanwhile is newer, and
    stays.
    """

    def __init__(self, pending: Pending, judge: Judge) -> None:
        self._pending, self._judge = pending, judge
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="survey")
        self._under_way: _UnderWay | None = None
        self._share = Share(SHARE)
        self._next = 0.0
        # A round that failed has ended the survey that borrowed them.
        pending.recall()

    def go_on(self) -> int:
        """Begin, or publish a little of what was found; returns of how many accounts."""
        now = self._under_way
        if now is None:
            return self._begin() if time.monotonic() >= self._next else 0
        if not now.is_answered:
            return self._take_answer(now) if now.answer.done() else 0
        return self._share.spend(lambda: self._publish_some(now))

    def hurry(self) -> int:
        """Do the next step, as nothing else is to be done; 0 if no account waits for one."""
        now = self._under_way
        if now is None:
            return self._begin()
        if now.is_answered:
            return self._publish_some(now) or 1
        wait([now.answer], WAIT)
        return (self._take_answer(now) if now.answer.done() else 0) or 1

    def abandon(self) -> None:
        """Give back what is under way; it is judged anew by whoever comes next."""
        self._under_way = None
        self._pending.recall()

    def _begin(self) -> int:
        """Look at accounts that wait; returns how many those are."""
        accounts, began = self._pending.lend(TOGETHER), time.monotonic()
        if not accounts:
            return 0
        question = self._judge.question(sorted(accounts))
        known = question.account_ids if question else []
        self._judge_unknown({one: accounts[one] for one in accounts.keys() - set(known)})
        if question:
            lent = {one: accounts[one] for one in known}
            answer = self._thread.submit(question.answer)
            self._under_way = _UnderWay(lent, question, began, answer)
        return len(accounts)

    def _judge_unknown(self, accounts: dict[int, int]) -> None:
        """Judge some of the accounts of which not enough is known, here and now."""
        began = time.monotonic()
        now = dict(list(accounts.items())[:UNKNOWN])
        self._pending.give_back({one: accounts[one] for one in accounts.keys() - now.keys()})
        if now:
            self._judge.publish_changes(sorted(now))
        self._pending.note_surveyed(now, began)

    def _take_answer(self, now: _UnderWay) -> int:
        self._next = time.monotonic() + REST * (time.monotonic() - now.began)
        found = self._newest(now.answer.result(), now.began)
        if not self._judge.is_current(now.question):
            self.abandon()
            return 0
        changed = self._judge.changed(found, now.question)
        now.changed = [found.pick(part) for part in _parts(changed)]
        now.is_answered = True
        return len(now.accounts)

    def _publish_some(self, now: _UnderWay) -> int:
        if now.changed:
            found = self._newest(now.changed.pop(), now.began)
            self._judge.publish_found(found, now.question)
            return len(found.picture.ids)
        self._under_way = None
        self._pending.note_surveyed(now.accounts, now.began)
        return 0

    def _newest(self, found: Assessment, began: float) -> Assessment:
        """Without the accounts that a round has judged since."""
        newer = self._pending.judged_since(found.picture.ids, began)
        if not newer:
            return found
        at = [i for i, one in enumerate(found.picture.ids) if one not in newer]
        return found.pick(np.array(at, dtype=np.int64))


def _parts(at: Ints) -> list[Ints]:
    return [at[i : i + PUBLISHED] for i in range(0, len(at), PUBLISHED)]
