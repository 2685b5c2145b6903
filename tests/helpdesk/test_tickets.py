"""What the timeline says of a ticket is what the source says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from banso.accounts import selectors
from banso.accounts.services.accounts import create_account
from banso.helpdesk.services.bulk import Step, TicketResult, TicketRow, undo_tickets, upsert_tickets
from banso.workspace.types import SYSTEM, RowResult

pytestmark = pytest.mark.django_db
OPENED, CLOSED, LATER = (datetime(2026, 4, day, tzinfo=UTC) for day in (1, 2, 5))


@pytest.fixture
def account() -> Any:
    return create_account(actor=SYSTEM, name="Aoba")


def ticket(account: Any, closed_at: datetime | None, *steps: Step, **more: Any) -> TicketResult:
    values = {"account_id": account.pk, "opened_at": OPENED, "closed_at": closed_at, **more}
    row = TicketRow("T-1", values, steps)
    (result,) = upsert_tickets(actor=SYSTEM, source="desk", rows=[row])
    return result


def told(account: Any) -> list[tuple[str, datetime, str]]:
    entries, _ = selectors.timeline(account, ["ticket"])
    return [(entry.data["event"], entry.happened_at, entry.title) for entry in reversed(entries)]


def change(result: RowResult) -> tuple[int, Any, Any]:
    assert result.record_id is not None
    return result.record_id, result.before, result.after


def undo(result: RowResult) -> None:
    undo_tickets(actor=SYSTEM, record_type=result.record_type, changes=[change(result)])


def test_a_ticket_that_was_opened_again_is_not_told_as_closed(account: Any) -> None:
    ticket(account, CLOSED, subject="No mail")
    assert told(account) == [("opened", OPENED, "No mail"), ("closed", CLOSED, "No mail")]
    ticket(account, None)
    assert told(account) == [("opened", OPENED, "No mail")]
    ticket(account, LATER, subject="No mail, again")
    assert told(account) == [
        ("opened", OPENED, "No mail, again"),
        ("closed", LATER, "No mail, again"),
    ]


def test_undoing_takes_the_timeline_along(account: Any) -> None:
    first = ticket(account, CLOSED).ticket
    second = ticket(account, LATER).ticket
    undo(second)
    assert told(account) == [("opened", OPENED, "T-1"), ("closed", CLOSED, "T-1")]
    undo(first)
    assert told(account) == []


def test_steps_are_kept_once_and_taken_back_with_their_ticket(account: Any) -> None:
    steps = Step(OPENED, "new"), Step(CLOSED, "solved")
    made = ticket(account, CLOSED, *steps)
    again = ticket(account, CLOSED, *steps)
    assert [step.outcome for step in made.steps] == ["new", "new"]
    assert [step.outcome for step in again.steps] == ["unchanged", "unchanged"]
    undo(made.ticket)
    assert told(account) == []
