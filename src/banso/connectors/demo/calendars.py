"""How much people work on a day: weekends, holidays, Golden Week, August, year and quarter ends."""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday
import numpy as np

from banso.connectors.demo.timeline import Floats

_WEEKDAYS = (1.0, 1.05, 1.03, 1.02, 0.96)
_SUNDAY_SHARE_OF_SATURDAY = 0.3
_HOLIDAY = 0.10
"""Share of a working day's usage on a public holiday: emergencies still happen."""

_MONTHS_JP = {3: 1.12, 4: 0.95, 8: 0.88, 12: 1.05}
"""Fiscal years end in March; a new team starts in April; August is hot and slow."""

_MONTHS_ABROAD = {7: 0.92, 8: 0.86, 12: 0.93}
_FIXED_HOLIDAYS = {
    "US": {(1, 1), (7, 4), (11, 11), (12, 25)},
    "DE": {(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)},
    "FR": {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 11), (12, 25)},
    "SG": {(1, 1), (5, 1), (8, 9), (12, 25)},
    "TH": {(1, 1), (4, 13), (4, 14), (4, 15), (5, 1), (12, 5)},
    "VN": {(1, 1), (4, 30), (5, 1), (9, 2)},
    "AU": {(1, 1), (1, 26), (4, 25), (12, 25), (12, 26)},
}


def _span(day: date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    return first <= (day.month, day.day) <= last


def _japanese_day(day: date, holidays: set[date]) -> float:
    if _span(day, (12, 29), (12, 31)) or _span(day, (1, 1), (1, 3)):
        return 0.05
    if day in holidays:
        return _HOLIDAY
    bridge = 0.4 if _span(day, (4, 28), (5, 6)) else 1.0
    obon = 0.35 if _span(day, (8, 12), (8, 16)) else 1.0
    return bridge * obon * _MONTHS_JP.get(day.month, 1.0)


def _foreign_day(day: date, country: str) -> float:
    if (day.month, day.day) in _FIXED_HOLIDAYS[country]:
        return _HOLIDAY
    pause = 0.3 if _span(day, (12, 24), (12, 31)) else 1.0
    return pause * _MONTHS_ABROAD.get(day.month, 1.0)


def _weekday(day: date, saturday: float) -> float:
    if day.weekday() < 5:
        return _WEEKDAYS[day.weekday()]
    return saturday if day.weekday() == 5 else saturday * _SUNDAY_SHARE_OF_SATURDAY


def _month_end(day: date) -> float:
    """Invoices go out in the last days of a month."""
    return 1.15 if (day + timedelta(days=4)).month != day.month else 1.0


def activity_factors(days: list[date], country: str, saturday: float) -> Floats:
    """Per day, activity relative to an ordinary working day (1.0).

    Args:
        country: ISO code; JP has its own calendar.
        saturday: activity on a Saturday relative to a weekday.
    """
    holidays: set[date] = set()
    if country == "JP":
        holidays = {found[0] for found in jpholiday.between(days[0], days[-1])}
    return np.array(
        [
            _weekday(day, saturday)
            * _month_end(day)
            * (_japanese_day(day, holidays) if country == "JP" else _foreign_day(day, country))
            for day in days
        ]
    )
