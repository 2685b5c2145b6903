"""Which days the axis of a chart names, and how."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date

from banso.web.formats import locale

#: As many names as a phone has room for.
MOST_TICKS = 8
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


def time_axis(days: Sequence[date]) -> dict[str, Any]:
    """The axis of a chart over these days, worded in the language of the page."""
    named = ticks(days)
    words = {day.isoformat(): word for day, word in zip(named, tick_words(named), strict=True)}
    by_day = json.dumps(words, ensure_ascii=False)
    return {
        "values": [{"year": day.year, "month": day.month, "date": day.day} for day in named],
        "labelExpr": f"({by_day})[timeFormat(datum.value, '%Y-%m-%d')]",
        "labelOverlap": True,
        "labelSeparation": 6,
        "grid": False,
        "title": None,
    }


def ticks(days: Sequence[date]) -> list[date]:
    """Few round days among the span: every day or two, Mondays, or first days of months.

    Values that stand for whole months are named by months only.
    """
    if not days:
        return []
    first, last = min(days), max(days)
    monthly = len(days) > 1 and all(day.day == 1 for day in days)
    steps = [] if monthly else [_by_days(first, last, step) for step in DAY_STEPS]
    steps += [_by_months(first, last, step) for step in MONTH_STEPS]
    return next((found for found in map(list, steps) if 0 < len(found) <= MOST_TICKS), [first])


def tick_words(named: Sequence[date]) -> list[str]:
    """What stands under the ticks; a year where it begins, and first where months are named."""
    months = len(named) > 1 and all(day.day == 1 for day in named)
    return [
        _word(day, months, with_year=day.year != named[place - 1].year if place else months)
        for place, day in enumerate(named)
    ]


def _word(day: date, months: bool, *, with_year: bool) -> str:
    if locale() == "ja":
        if months:
            return f"{day.year}年{day.month}月" if with_year else f"{day.month}月"
        return f"{day.year}/{day.month}/{day.day}" if with_year else f"{day.month}/{day.day}"
    patterns = ("MMM", "MMM y") if months else ("MMM d", "MMM d, y")
    return str(format_date(day, patterns[with_year], "en"))


def _by_days(first: date, last: date, step: int) -> Iterator[date]:
    start = first + timedelta(days=-first.weekday() % 7) if step >= 7 else first
    return (start + timedelta(days=n) for n in range(0, (last - start).days + 1, step))


def _by_months(first: date, last: date, step: int) -> Iterator[date]:
    """First days of months, counted so that Januaries are among them."""
    begins = first.year * 12 + first.month - 1 + (first.day > 1)
    ends = last.year * 12 + last.month
    return (date(n // 12, n % 12 + 1, 1) for n in range(begins + -begins % step, ends, step))
