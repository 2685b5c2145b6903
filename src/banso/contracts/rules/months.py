"""Calendar months, counted from an anchor day so that month ends never drift."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The day of the same number ``months`` later (or earlier), or that month's last day.

    31 January plus one month is 28 or 29 February. Series count from their first day: 31 January
    plus two months is 31 March, not 28 March.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int | None:
    """The number of months that lead from ``start`` exactly to ``end``, or None if none does."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months > 0 and add_months(start, months) == end else None
