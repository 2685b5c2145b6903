"""What the demo company's CSMs have put down for themselves to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from banso.accounts.selectors import accounts_by_ids
from banso.accounts.selectors.book import book_rows
from banso.accounts.services.tasks import create_task
from banso.accounts.types import Lifecycle
from banso.contracts.selectors.subscriptions import standings
from banso.workspace.selectors import actor_of
from banso.workspace.types import SYSTEM

#: Japanese and English, by the language of the one who does it.
RENEWAL = ("更新の条件を決裁者と話す", "Talk about the terms of renewal with the decision maker")
FIRST_WEEKS = ("使い始めの様子を一緒に振り返る", "Look back on the first weeks together")
#: The talk is due this long before the term ends, and is put down somewhat earlier.
TALK_BEFORE, NOTED_BEFORE = timedelta(days=45), timedelta(days=75)
_SATURDAY = 5


def add_tasks(day: date) -> int:
    """Give each CSM the tasks of somebody who looks ahead; returns how many there are."""
    found = [*_renewals(day), *_beginnings(day)]
    accounts = accounts_by_ids(SYSTEM, [account_id for account_id, _texts, _due in found])
    for account_id, texts, due in found:
        account = accounts[account_id]
        if account.cs_owner:
            _add(account, texts, due)
    return len(found)


def _add(account: Any, texts: tuple[str, str], due: date) -> None:
    owner = account.cs_owner
    title = texts[0] if owner.language == "ja" else texts[1]
    due -= timedelta(days=max(due.weekday() - _SATURDAY + 1, 0))
    create_task(actor=actor_of(owner), title=title, account=account, due_on=due)


def _renewals(day: date) -> Iterator[tuple[int, tuple[str, str], date]]:
    for account_id, standing in standings(day).items():
        end = standing.renewal_on
        if standing.active and end and day <= end <= day + NOTED_BEFORE:
            yield account_id, RENEWAL, max(end - TALK_BEFORE, day - timedelta(days=2))


def _beginnings(day: date) -> Iterator[tuple[int, tuple[str, str], date]]:
    starting = [row for row in book_rows() if row.lifecycle == Lifecycle.ONBOARDING]
    for place, row in enumerate(starting[::3]):
        yield row.account_id, FIRST_WEEKS, day + timedelta(days=1 + place % 10)
