"""Dates, amounts and figures as a reader of the present language writes them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import get_currency_symbol
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from banso.kit import clock
from banso.kit.money import Money, currency_digits

NOTHING = "–"
MINUS = "−"
Number = int | float | Decimal
#: Currencies by the word that Japanese readers say after 万 and 億.
JAPANESE_UNITS = {
    "JPY": "円",
    "USD": "ドル",
    "EUR": "ユーロ",
    "GBP": "ポンド",
    "CHF": "スイスフラン",
    "CNY": "元",
    "KRW": "ウォン",
    "TWD": "台湾ドル",
    "HKD": "香港ドル",
    "SGD": "シンガポールドル",
    "AUD": "豪ドル",
    "CAD": "カナダドル",
    "THB": "バーツ",
    "INR": "ルピー",
}


def locale() -> str:
    """The CLDR locale of the language that the page speaks."""
    return "ja" if (get_language() or "").startswith("ja") else "en"


def day(value: date | datetime | None) -> str:
    """A calendar day in full: 2026年4月1日, Apr 1, 2026."""
    if value is None:
        return NOTHING
    return _long_day(_as_day(value), locale())


def since_and_noticed(since: date, noticed: date | datetime) -> str:
    """Since when something has held, and when it was noticed where that was later."""
    first, seen = day(since), day(noticed)
    if first == seen:
        return _("since %(day)s") % {"day": first}
    return _("since %(day)s, noticed %(noticed)s") % {"day": first, "noticed": seen}


def short_day(value: date | datetime | None) -> str:
    """A calendar day for narrow columns, of constant width in Japanese: 2026/04/01."""
    if value is None:
        return NOTHING
    plain = _as_day(value)
    if locale() == "ja":
        return f"{plain.year}/{plain.month:02}/{plain.day:02}"
    return _long_day(plain, "en")


def weekday_day(value: date) -> str:
    """A calendar day with its weekday: 2026年4月1日(水), Wednesday, Apr 1, 2026."""
    if locale() == "ja":
        return f"{day(value)}({format_date(value, 'E', 'ja')})"
    return f"{format_date(value, 'EEEE', 'en')}, {day(value)}"


def moment(value: datetime | None) -> str:
    """A moment in the reader's zone, to the minute."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value).replace(tzinfo=None)
    if locale() == "ja":
        return f"{day(local.date())} {local:%H:%M}"
    return str(format_datetime(local, "MMM d, y, HH:mm", locale="en"))


def ago(value: date | datetime | None, today: date | None = None) -> str:
    """How far a day or moment lies from now: 3日前, in 2 weeks.

    A bare day is measured from ``today`` (the business day; default the clock's day).
    """
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        seconds = round((value - clock.now()).total_seconds())
        return _("just now") if abs(seconds) < 60 else _distance(seconds, "minute", locale())
    days = (value - (today or timezone.localdate(clock.now()))).days
    return _distance(days * 86_400, "day", locale()) if days else _("today")


@lru_cache(maxsize=8192)
def _distance(seconds: int, least: Literal["minute", "day"], language: str) -> str:
    text = str(
        format_timedelta(
            timedelta(seconds=seconds),
            add_direction=True,
            locale=language,
            threshold=1.6,
            granularity=least,
        )
    )
    return text.replace(" ", "") if language == "ja" else text


def number(value: Number | None, decimals: int = 0) -> str:
    """A figure with grouped thousands and at most so many decimals.

    Japanese and English group and point alike, so this needs no locale; lists write thousands.
    """
    if _absent(value):
        return NOTHING
    text = f"{value:,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", MINUS)


def fixed(value: Number | None, decimals: int = 1) -> str:
    """A figure with exactly so many decimals, for a column in which points stand under points."""
    return NOTHING if _absent(value) else f"{value:,.{decimals}f}".replace("-", MINUS)


def percent(value: Number | None, decimals: int = 0) -> str:
    """A share (0.123) as a percentage (12%)."""
    return NOTHING if _absent(value) else number(value * 100, decimals) + "%"  # type: ignore[operator]


def money(minor: Number | None, currency: str) -> str:
    """An amount in minor units, in full: ¥1,200,000, $1,200.00."""
    if _absent(minor) or not currency:
        return NOTHING
    amount = Money(round(minor), currency).amount  # type: ignore[arg-type]
    sign = MINUS if amount < 0 else ""
    return f"{sign}{_mark(currency)}{abs(amount):,.{currency_digits(currency)}f}"


def short_money(minor: Number | None, currency: str) -> str:
    """An amount in three or four figures for tables and tiles: 1,200万円, 597万ドル, $12.3K."""
    if _absent(minor) or not currency:
        return NOTHING
    amount = Money(round(minor), currency).amount  # type: ignore[arg-type]
    sign = MINUS if amount < 0 else ""
    if locale() == "ja" and currency in JAPANESE_UNITS:
        return f"{sign}{_shortened(abs(amount))}{JAPANESE_UNITS[currency]}"
    return f"{sign}{_mark(currency)}{_shortened(abs(amount))}"


@lru_cache(maxsize=256)
def _mark(currency: str) -> str:
    """The sign of a currency in front of an amount; letters keep a space from the figures."""
    found = str(get_currency_symbol(currency, "en"))
    return f"{found}\N{NO-BREAK SPACE}" if found[-1:].isalpha() else found


def signed(value: Number | None, decimals: int = 0) -> str:
    """A change with its sign: +3, −14, ±0."""
    if _absent(value):
        return NOTHING
    rounded = round(float(value), decimals)  # type: ignore[arg-type]
    mark = "+" if rounded > 0 else MINUS if rounded < 0 else "±"
    return mark + number(abs(rounded), decimals)


def score(value: float | None) -> str:
    """A score as shown everywhere: the whole number below it; bands use the exact one."""
    return NOTHING if _absent(value) else str(math.floor(value))  # type: ignore[arg-type]


def metric_value(value: Number | None, unit: str = "number", currency: str = "JPY") -> str:
    """A metric's value in its unit: number, percent, days, money (major units), minutes, points.

    A metric in percent holds 42 where people read 42%.
    """
    if _absent(value):
        return NOTHING
    figure = float(value)  # type: ignore[arg-type]
    if unit == "percent":
        return percent(figure / 100, 0 if abs(figure) >= 10 else 1)
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", round(figure)) % {"n": number(figure)}
    if unit == "money":
        return money(Money.from_decimal(Decimal(str(figure)), currency).minor, currency)
    if unit == "minutes":
        return _minutes(figure)
    return number(figure, 0 if abs(figure) >= 100 or figure == round(figure) else 1)


@lru_cache(maxsize=4096)
def _long_day(value: date, language: str) -> str:
    return str(format_date(value, "long" if language == "ja" else "medium", language))


def _minutes(value: float) -> str:
    if abs(value) < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", round(value)) % {"n": number(value)}
    hours = value / 60
    if abs(hours) < 48:
        return ngettext("%(n)s hour", "%(n)s hours", round(hours)) % {"n": number(hours, 1)}
    return metric_value(hours / 24, "days")


def _as_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _absent(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and not math.isfinite(value))


def _shortened(amount: Decimal) -> str:
    steps = (
        ((Decimal(10**8), "億"), (Decimal(10**4), "万"))
        if locale() == "ja"
        else ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "K"))
    )
    for size, name in steps:
        # Rounding may lift an amount over the border (999,950 is 1M, not 1,000K).
        if round(amount / size, 3) >= 1:
            scaled = amount / size
            return number(scaled, 1 if scaled < 100 else 0) + name
    return number(amount)
