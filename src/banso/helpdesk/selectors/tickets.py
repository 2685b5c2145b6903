"""Reads of tickets."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from banso.helpdesk.models import Ticket
from banso.kit import clock
from banso.workspace.selectors import company_zone


def _days(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of one day in the company's zone up to the end of another."""
    zone = company_zone()
    return clock.midnight(first, zone), clock.midnight(last + timedelta(days=1), zone)


def newest_moments() -> dict[str, datetime]:
    """Source to the moment at which its newest ticket was opened."""
    rows = Ticket.objects.order_by().values_list("source")
    return dict(rows.annotate(newest=Max("opened_at")))


def tickets_of(account: Any) -> QuerySet[Ticket]:
    """The account's tickets, newest first."""
    return Ticket.objects.filter(account_id=account.pk).order_by("-opened_at", "-id")


def opened_between(account: Any, first: date, last: date) -> QuerySet[Ticket]:
    """Tickets opened from ``first`` to ``last``, both days in the company's zone."""
    start, end = _days(first, last)
    return tickets_of(account).filter(opened_at__gte=start, opened_at__lt=end)


def responded_between(account: Any, first: date, last: date) -> QuerySet[Ticket]:
    """Tickets whose first response fell on these days."""
    start, end = _days(first, last)
    return tickets_of(account).filter(first_response_at__gte=start, first_response_at__lt=end)


def open_on(account: Any, day: date) -> QuerySet[Ticket]:
    """Tickets that were open at the end of the day."""
    _, end = _days(day, day)
    return (
        tickets_of(account)
        .filter(opened_at__lt=end)
        .filter(Q(closed_at=None) | Q(closed_at__gte=end))
    )
