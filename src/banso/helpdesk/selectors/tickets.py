"""Reads of tickets."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from banso.helpdesk.models import Ticket
from banso.workspace.selectors import company


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(company().time_zone))


def tickets_of(account: Any) -> QuerySet[Ticket]:
    """The account's tickets, newest first."""
    return Ticket.objects.filter(account_id=account.pk).order_by("-opened_at", "-id")


def opened_between(account: Any, first: date, last: date) -> QuerySet[Ticket]:
    """Tickets opened from ``first`` to ``last``, both days in the company's zone."""
    return tickets_of(account).filter(
        opened_at__gte=_moment(first), opened_at__lt=_moment(last + timedelta(days=1))
    )


def responded_between(account: Any, first: date, last: date) -> QuerySet[Ticket]:
    """Tickets whose first response fell on these days."""
    return tickets_of(account).filter(
        first_response_at__gte=_moment(first),
        first_response_at__lt=_moment(last + timedelta(days=1)),
    )


def open_on(account: Any, day: date) -> QuerySet[Ticket]:
    """Tickets that were open at the end of the day."""
    end = _moment(day + timedelta(days=1))
    return (
        tickets_of(account)
        .filter(opened_at__lt=end)
        .filter(Q(closed_at=None) | Q(closed_at__gte=end))
    )
