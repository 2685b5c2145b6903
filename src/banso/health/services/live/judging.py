"""Judging a few accounts at once, and filling their past where late events changed it."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from banso.accounts.selectors.book import book_rows
from banso.contracts.selectors.subscriptions import standings
from banso.health.services.compute import last_run
from banso.health.services.compute.assessment import Assessment, assess
from banso.health.services.compute.live import ActiveRule, active_rules
from banso.health.services.compute.publication import publish
from banso.health.services.history import fill_history
from banso.health.services.live.changes import ColumnChanges
from banso.health.services.live.everybody import Everybody
from banso.health.services.live.shown import Shown
from banso.health.services.publish import publish_usage
from banso.health.services.values import Ints
from banso.health.services.warehouse import warehouse
from banso.workspace.selectors import business_day


@dataclass(frozen=True)
class Question:
    """What known accounts are worth, to be answered in any thread."""

    everybody: Everybody
    account_ids: list[int]
    rules: Sequence[ActiveRule]

    def answer(self) -> Assessment:
        """Assess them with a connection to the warehouse that nobody else waits for."""
        with warehouse().aside() as store:
            conditions = [rule.conditions for rule in self.rules]
            return self.everybody.assess(self.account_ids, conditions, store)


class Judge:
    """Judges single accounts, and knows what it has published of them."""

    def __init__(self) -> None:
        self.columns = ColumnChanges()
        self._shown = Shown()
        self._everybody: Everybody | None = None
        #: When (monotonic clock) something besides use was changed about an account.
        self._changed: dict[int, float] = {}

    def get_to_know_everybody(self) -> None:
        """Read what single accounts are judged by from then on, as a run over all of them does."""
        began = time.monotonic()
        rules = [rule.conditions for rule in active_rules()]
        last_run.leave(assess(business_day(), rules, here=True), began)
        self.renew()

    def renew(self) -> bool:
        """Take over what the last run over all accounts knew; whether there was one."""
        last = last_run.take()
        if last:
            self._everybody = Everybody(last.found)
            self._changed = {one: at for one, at in self._changed.items() if at >= last.began}
            self._everybody.forget(self._changed)
            # Such a run publishes everybody, and who is behind since waits to be judged.
            self._shown.note(last.found, active_rules())
        return last is not None

    def note_use(self, days: dict[int, tuple[date, date]]) -> None:
        """Accounts were used on days from a first to a last one, up to today."""
        if self._everybody:
            self._everybody.note_use(days)

    def forget(self, account_ids: Collection[int]) -> None:
        """Something besides use was changed about accounts."""
        self._changed.update(dict.fromkeys(account_ids, time.monotonic()))
        if self._everybody:
            self._everybody.forget(account_ids)

    def fill_past(self, account_ids: Sequence[int], start: date) -> None:
        """Score the accounts' days from ``start`` on once more."""
        if start < business_day():
            fill_history(start, account_ids=sorted(account_ids))
            if self._everybody:
                self._everybody.renew_past(account_ids)

    def publish_whole(self, account_ids: Sequence[int]) -> None:
        """Publish the use of accounts and where they stand; those that are gone are passed over.

        Use comes first: pages that are open fetch themselves anew when the score is published, and
        are to find the use that goes with it.
        """
        known = _existing(account_ids)
        publish_usage(known, business_day())
        self._publish_standing(known)

    def publish_use(self, account_ids: Sequence[int]) -> None:
        """Publish what accounts' pages show of their use."""
        publish_usage(_existing(account_ids), business_day())

    def publish_standing(self, account_ids: Sequence[int]) -> None:
        """Publish what accounts are worth as of today."""
        self._publish_standing(_existing(account_ids))

    def _publish_standing(self, known: Sequence[int]) -> None:
        rules = active_rules()
        for found in self._assess(known, rules):
            self._publish(found, rules)

    def publish_changes(self, account_ids: Sequence[int]) -> None:
        """Publish accounts of which people would see another score, band or signal."""
        rules = active_rules()
        for found in self._assess(account_ids, rules):
            changed = np.flatnonzero(self._shown.changed(found, rules))
            self.columns.note(found)
            if changed.size:
                self._publish(found.pick(changed), rules)

    def question(self, account_ids: Sequence[int]) -> Question | None:
        """Ask what those accounts are worth of which enough is known; None without any."""
        known = self._known()
        quick = known.known(account_ids) if known else []
        return Question(known, quick, active_rules()) if known and quick else None

    def is_current(self, question: Question) -> bool:
        """Whether what the question was asked from still holds."""
        return question.everybody is self._known()

    def changed(self, found: Assessment, question: Question) -> Ints:
        """Which of the accounts people would see change."""
        self.columns.note(found)
        return np.flatnonzero(self._shown.changed(found, question.rules))

    def publish_found(self, found: Assessment, question: Question) -> None:
        """Publish accounts as they were found; those that are gone are passed over."""
        there = set(_existing(found.picture.ids))
        at = [i for i, one in enumerate(found.picture.ids) if one in there]
        if at:
            self._publish(found.pick(np.array(at, dtype=np.int64)), question.rules)

    def _known(self) -> Everybody | None:
        known = self._everybody
        return known if known and known.day == business_day() else None

    def _publish(self, found: Assessment, rules: Sequence[ActiveRule]) -> None:
        picture = found.picture
        standing = standings(picture.day, picture.ids)
        publish(replace(found, picture=replace(picture, standing=standing)), rules)
        self._shown.note(found, rules)
        self.columns.note(found)

    def _assess(self, account_ids: Sequence[int], rules: Sequence[ActiveRule]) -> list[Assessment]:
        """What accounts are worth today, as far as possible from what is known of everybody."""
        day, conditions = business_day(), [rule.conditions for rule in rules]
        known = self._known()
        quick = known.known(account_ids) if known else []
        slow = sorted(set(account_ids).difference(quick))
        found = [known.assess(quick, conditions, warehouse())] if known and quick else []
        return found + ([assess(day, conditions, slow)] if slow else [])


def _existing(account_ids: Sequence[int]) -> list[int]:
    return [row.account_id for row in book_rows(account_ids)]
