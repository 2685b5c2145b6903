"""The shapes in which people and programs write a date, and what each can mean.

A shape is read into the calendar days that it allows: ``3/4/2024`` allows two, ``2024年3月4日``
one. Which of them a whole column means is decided in :mod:`banso.kit.dates`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

from banso.kit.errors import InvalidInputError


class DateOrder(StrEnum):
    """The one thing about a date that only its column can tell."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    EXCEL_SERIAL = "excel"
    EPOCH = "epoch"


WRITTEN_ORDERS = (DateOrder.YEAR_FIRST, DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)

# The year before the first of each era; 令和1年 = 2019.
_ERA_BASE = {
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
    "M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_WEEKDAY = re.compile(
    r"\s*\([月火水木金土日](?:曜日?)?\)|(?<=日)\s*[月火水木金土日]曜日?"
    r"|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
_KANJI = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[MTSHR])\s*(\d{1,2}|元)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{2,4})")
_MONTH_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SERIAL = re.compile(r"([2-7]\d{4})(\.\d+)?")
_EPOCH = re.compile(r"(1\d{9})(\d{3})?(?:\.\d+)?")
_TIME = re.compile(
    r"(?:(午前|午後|am|pm)\s*)?(\d{1,2})[:時](?:(\d{1,2})(?:[:分](?:(\d{1,2})(?:[.,](\d{1,9}))?秒?)?)?)?"
    r"\s*(am|pm|a\.m\.|p\.m\.)?\s*(z|utc|gmt|jst|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"(.*?\d日?)(?:\s*T\s*|,?\s+|(?<=日))((?:午前|午後|[ap]m)?\s*\d{1,2}[:時].*)", re.IGNORECASE
)
_COMPACT_MOMENT = re.compile(r"(\d{8})[T ]?(\d{2})(\d{2})(\d{2})(Z?)")

Days = dict[DateOrder, date]


def calendar_day(year: int, month: int, day: int, text: str) -> date:
    """The day itself, or an error that says why there is none such."""
    if not 1800 <= year <= 9999:
        raise InvalidInputError(
            f"The year of “{text}” is outside 1800–9999.",
            code="year-out-of-range",
            remedy="Write the year with four digits.",
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInputError(
            f"“{text}” is not a day of the calendar.",
            code="no-such-day",
            remedy="Correct the day or the month.",
        ) from None


def days_of(text: str) -> Days:
    """Every calendar day that a date without a time can mean, by order of writing.

    Raises:
        InvalidInputError: ``not-a-date`` when no shape fits, ``no-such-day`` when a shape fits but
            the calendar has no such day in any order.
    """
    text = _WEEKDAY.sub("", text).strip()
    if m := _NUMERIC.fullmatch(text):
        return _numeric_days(m[1], m[3], m[4], text)
    if m := (_KANJI.fullmatch(text) or _COMPACT.fullmatch(text)):
        return _certain(calendar_day(int(m[1]), int(m[2]), int(m[3]), text))
    if m := _ERA.fullmatch(text):
        return _certain(_era_day(m, text))
    if m := _DAY_MONTH_NAME.fullmatch(text):
        return _certain(calendar_day(_full_year(m[3]), _month(m[2], text), int(m[1]), text))
    if m := _MONTH_NAME_DAY.fullmatch(text):
        return _certain(calendar_day(int(m[3]), _month(m[1], text), int(m[2]), text))
    raise not_a_date(text)


def not_a_date(text: str) -> InvalidInputError:
    """The error for text that no shape fits."""
    return InvalidInputError(
        f"“{text[:60]}” is not a date.",
        code="not-a-date",
        remedy="Write it as 2024-02-03, 2024/2/3, 2024年2月3日 or 令和6年2月3日.",
    )


def split_time(text: str) -> tuple[str, str]:
    """Date part and time part (empty when there is none)."""
    if m := _COMPACT_MOMENT.fullmatch(text):
        return m[1], f"{m[2]}:{m[3]}:{m[4]}{m[5]}"
    if m := _SPLIT.fullmatch(text):
        return m[1].rstrip(" ,"), m[2]
    return text, ""


def time_of(text: str) -> time:
    """A time of day, with its offset when one is written.

    Raises:
        InvalidInputError: it is none.
    """
    m = _TIME.fullmatch(text.strip())
    if m is None:
        raise not_a_date(text)
    half = (m[1] or m[6] or "").lower().replace(".", "")
    hour = int(m[2])
    if half and hour == 12:
        hour = 0
    hour += 12 if half in {"pm", "午後"} else 0
    try:
        fraction = int((m[5] or "").ljust(6, "0")[:6])
        return time(hour, int(m[3] or 0), int(m[4] or 0), fraction, _offset(m[7]))
    except ValueError:
        raise InvalidInputError(
            f"“{text}” is not a time of day.",
            code="no-such-time",
            remedy="Write hours 0–23, minutes and seconds 0–59.",
        ) from None


def serial_moment(text: str) -> datetime | None:
    """The moment of an Excel serial number in the 1900 system (44000 = 2020-06-18), else None."""
    m = _SERIAL.fullmatch(text)
    if m is None:
        return None
    days = timedelta(days=float(text))
    return datetime(1899, 12, 30) + timedelta(seconds=round(days.total_seconds()))  # noqa: DTZ001


def epoch_moment(text: str) -> datetime | None:
    """The moment of seconds or milliseconds since 1970 (10 or 13 digits), else None."""
    m = _EPOCH.fullmatch(text)
    if m is None:
        return None
    moment = datetime.fromtimestamp(int(m[1]), UTC)
    return moment + timedelta(milliseconds=int(m[2] or 0))


def _certain(day: date) -> Days:
    return dict.fromkeys(WRITTEN_ORDERS, day)


def _numeric_days(a: str, b: str, c: str, text: str) -> Days:
    if len(a) >= 3:
        return _certain(calendar_day(int(a), int(b), int(c), text))
    found: Days = {}
    tries = {DateOrder.DAY_FIRST: (c, b, a), DateOrder.MONTH_FIRST: (c, a, b)}
    if len(c) <= 2:
        tries[DateOrder.YEAR_FIRST] = (a, b, c)
    for order, (year, month, day) in tries.items():
        try:
            found[order] = calendar_day(_full_year(year), int(month), int(day), text)
        except InvalidInputError as error:
            reason = error
    if not found:
        raise reason
    return found


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    # Two digits follow the POSIX pivot: 69–99 are the 1900s.
    return year + (1900 if year >= 69 else 2000)


def _era_day(m: re.Match[str], text: str) -> date:
    # Years past the end of an era are still written (平成33年 for 2021), so only the sum counts.
    years = 1 if m[2] == "元" else int(m[2])
    return calendar_day(_ERA_BASE[m[1].upper()] + years, int(m[3]), int(m[4]), text)


def _month(name: str, text: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise not_a_date(text)
    return number


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    zone = text.upper()
    if zone in {"Z", "UTC", "GMT"}:
        return UTC
    if zone == "JST":
        return timezone(timedelta(hours=9))
    digits = zone[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if zone[0] == "-" else span)
