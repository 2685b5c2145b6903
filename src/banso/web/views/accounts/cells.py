"""The cells of the account list; every figure is a link to what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from banso.health.rules.query import FieldKind
from banso.health.selectors.portfolio import Field, Row
from banso.kit.money import Money
from banso.web import drawing, formats
from banso.web.templatetags.banso import health
from banso.web.words import lifecycle_word

_NOBODY = UUID(int=0)
SOON_DAYS = 30
_UNITS = {
    FieldKind.DAYS: "days",
    FieldKind.MINUTES: "minutes",
    FieldKind.PERCENT: "percent",
    FieldKind.POINTS: "points",
    FieldKind.MONEY: "money",
}
#: Columns whose figure opens a page of its own.
_OPENS = {
    "arr": "account-contracts",
    "renewal_on": "account-contracts",
    "seats": "account-contracts",
    "active_users": "account-usage",
    "last_active_on": "account-usage",
    "score": "account-health",
    "change_7": "account-health",
    "change_28": "account-health",
    "coverage": "account-health",
    "risks_open": "account",
    "opportunities_open": "account",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: how it is set (``num``, ``text`` or nothing), its heading, its inside."""

    kind: str
    label: str
    html: SafeString | str


@dataclass(frozen=True, slots=True)
class Line:
    """One account as the list shows it."""

    account_id: int
    uid: UUID
    name: str
    url: str
    sub: str
    cells: Sequence[Cell]


class Cells:
    """Draws rows for one page: what all rows share is worked out once."""

    def __init__(self, columns: Sequence[Field], today: date, currency: str, language: str) -> None:
        self.today, self.currency = today, currency
        self.columns = [
            (field, field.label(language), _drawer(field))
            for field in columns
            if field.key != "name"
        ]

    def line(self, row: Row) -> Line:
        """One row."""
        cells = [
            Cell(_kind(field), label, draw(self, row, field)) for field, label, draw in self.columns
        ]
        return Line(row.account_id, row.uid, row.name, url("account", row.uid), _sub(row), cells)


def _sub(row: Row) -> str:
    return " · ".join(filter(None, [row.segment, lifecycle_word(row.lifecycle)]))


@lru_cache(maxsize=64)
def _pattern(name: str, *more: str) -> str:
    return reverse(name, args=[_NOBODY, *more])


def url(name: str, uid: UUID, *more: str) -> str:
    """The address of an account's page; reversing it anew for every row would take most time."""
    return _pattern(name, *more).replace(str(_NOBODY), str(uid))


def _kind(field: Field) -> str:
    if field.is_numeric:
        return "num"
    return "" if field.kind is FieldKind.DATE or field.key == "band" else "text"


Draw = Callable[[Cells, Row, Field], "SafeString | str"]


def _drawer(field: Field) -> Draw:
    own: dict[str, Draw] = {"band": _health, "arr": _arr, "renewal_on": _renewal, "stake": _stake}
    if field.key in own:
        return own[field.key]
    return {FieldKind.DATE: _day, FieldKind.OWNER: _owner}.get(field.kind, _plain)


def _health(cells: Cells, row: Row, field: Field) -> SafeString:
    badge = health(row.score, row.band, row.change_28, "", url("account-health", row.uid))
    hand = SafeString("")
    if row.is_overridden:
        hand = drawing.icon("hand", 14, _("set by hand"))
    spark = drawing.sparkline(row.spark or [], tone=row.band, width=72)
    return format_html('<span class="row">{}{}{}</span>', badge, hand, spark)


def _arr(cells: Cells, row: Row, field: Field) -> SafeString | str:
    full = formats.money(row.arr.minor, row.arr.currency)
    short = formats.short_money(row.arr.minor, row.arr.currency) if row.arr.minor else "0"
    return format_html(
        '<a class="plain" href="{}" title="{}">{}</a>',
        url("account-contracts", row.uid), full, short,
    )  # fmt: skip


def _renewal(cells: Cells, row: Row, field: Field) -> SafeString | str:
    if row.renewal_on is None:
        return formats.NOTHING
    days = (row.renewal_on - cells.today).days
    return format_html(
        '<a class="plain{}" href="{}">{} <span class="sub">{}</span></a>',
        " due" if 0 <= days <= SOON_DAYS else "",
        url("account-contracts", row.uid),
        formats.short_day(row.renewal_on),
        formats.ago(row.renewal_on, cells.today),
    )


def _stake(cells: Cells, row: Row, field: Field) -> str:
    value = row.cells.get(field.key)
    currency = row.arr.currency or cells.currency
    return formats.short_money(value, currency) if value else formats.NOTHING


def _day(cells: Cells, row: Row, field: Field) -> SafeString | str:
    value = row.cells.get(field.key)
    if value is None:
        return formats.NOTHING
    near = formats.ago(value, cells.today) if field.key == "last_active_on" else ""
    shown = format_html('{} <span class="sub">{}</span>', formats.short_day(value), near)
    return _linked(row, field, shown)


def _owner(cells: Cells, row: Row, field: Field) -> SafeString | str:
    name = row.cells.get(field.key)
    if not name:
        return format_html('<span class="faint">{}</span>', _("nobody"))
    return str(name)


def _plain(cells: Cells, row: Row, field: Field) -> SafeString | str:
    return _linked(row, field, value_text(row.cells.get(field.key), field, cells.currency))


def _linked(row: Row, field: Field, shown: SafeString | str) -> SafeString | str:
    if shown == formats.NOTHING:
        return shown
    if field.group == "metric":
        target = url("account-metric", row.uid, field.path)
    elif name := _OPENS.get(field.key):
        target = url(name, row.uid) + ("#signals" if field.key.endswith("_open") else "")
    else:
        return shown
    return format_html('<a class="plain" href="{}">{}</a>', target, shown)


def value_text(value: Any, field: Field, currency: str) -> str:
    """A value in words and figures, for a cell or a file that people read."""
    if value is None or value == "":
        return formats.NOTHING
    if field.key == "lifecycle":
        return lifecycle_word(str(value))
    if field.key in ("change_7", "change_28"):
        return formats.signed(value)
    if field.key == "score":
        return formats.score(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Money):
        return formats.money(value.minor, value.currency)
    if isinstance(value, int | float):
        return formats.metric_value(value, _UNITS.get(field.kind, "number"), currency)
    return str(value)
