"""What can be measured of support."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from banso.helpdesk.models import Ticket
from banso.workspace.selectors import company_zone, of_accounts
from banso.workspace.types import Dataset, by_column


def _to_day() -> Callable[[datetime], date]:
    zone = company_zone()
    return lambda moment: moment.astimezone(zone).date()


def _load_tickets(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    day = _to_day()
    found = of_accounts(Ticket.objects.order_by("id"), account_ids)
    rows = found.values_list("account_id", "opened_at", "priority", "id")
    return by_column(
        ("account_id", "day", "priority", "ticket_id"),
        ((account, day(at), priority, pk) for account, at, priority, pk in rows.iterator()),
    )


def _load_spans(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    day = _to_day()
    found = of_accounts(Ticket.objects.order_by("id"), account_ids)
    rows = found.values_list("account_id", "opened_at", "closed_at", "priority")
    return by_column(
        ("account_id", "from_day", "to_day", "priority"),
        (
            (account, day(opened), day(closed) if closed else None, priority)
            for account, opened, closed, priority in rows.iterator()
        ),
    )


def _load_responses(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    day = _to_day()
    answered = Ticket.objects.exclude(first_response_at=None).order_by("id")
    rows = of_accounts(answered, account_ids)
    found = rows.values_list("account_id", "opened_at", "first_response_at", "priority")
    return by_column(
        ("account_id", "day", "minutes", "priority"),
        (
            (account, day(at), max((at - opened).total_seconds() / 60, 0.0), priority)
            for account, opened, at, priority in found.iterator()
            if at is not None
        ),
    )


TICKETS = Dataset(
    "tickets",
    "event",
    {"priority": "text", "ticket_id": "int"},
    {"en": "Tickets, by the day they were opened", "ja": "問い合わせ（受付日）"},
    _load_tickets,
)
TICKET_SPANS = Dataset(
    "ticket_spans",
    "interval",
    {"priority": "text"},
    {"en": "Tickets while they are open", "ja": "対応中の問い合わせ"},
    _load_spans,
)
TICKET_RESPONSES = Dataset(
    "ticket_responses",
    "event",
    {"minutes": "float", "priority": "text"},
    {"en": "First responses to tickets", "ja": "問い合わせの初回応答"},
    _load_responses,
)
DATASETS = (TICKETS, TICKET_SPANS, TICKET_RESPONSES)
