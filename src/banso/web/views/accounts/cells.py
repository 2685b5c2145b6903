"""The cells of the account list; every figure is a link to what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from banso.accounts.types import Lifecycle
from banso.health.selectors.portfolio import Field, FieldKind, Row
from banso.kit.money import Money
from banso.web import drawing, formats
from banso.web.badges import health, set_by_hand
from banso.web.words import lifecycle_word

_NOBODY = UUID(int=0)
_NOBODY_TEXT = str(_NOBODY)
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
class Line:
    """One account as the list shows it; ``cells`` are all its cells but the name, drawn."""

    account_id: int
    uid: UUID
    name: str
    url: str
    sub: str
    cells: SafeString


#: Draws the inside of a cell: HTML, escaped where it comes from data.
Draw = Callable[["Cells", Row, Field], str]


class Cells:
    """Draws the rows of one page.

    A list has hundreds of cells, so they are put together as strings, and what all rows share is
    worked out once.
    """

    def __init__(self, columns: Sequence[Field], today: date, currency: str, language: str) -> None:
        self.today, self.currency = today, currency
        self.columns = [
            (field, self._opening(field, field.label(language)), _drawer(field))
            for field in columns
            if field.key != "name"
        ]
        self.stages = {stage: lifecycle_word(stage) for stage in ("", *Lifecycle)}

    def line(self, row: Row) -> Line:
        """One row."""
        cells = "".join(
            f"{opening}{draw(self, row, field)}</td>" for field, opening, draw in self.columns
        )
        return Line(
            account_id=row.account_id,
            uid=row.uid,
            name=row.name,
            url=url("account", row.uid),
            sub=" · ".join(filter(None, [row.segment, self.stages.get(row.lifecycle, "")])),
            cells=mark_safe(cells),  # noqa: S308 - every drawer escapes what comes from data
        )

    @staticmethod
    def _opening(field: Field, label: str) -> str:
        kind = "" if field.kind is FieldKind.DATE or field.key == "band" else "text"
        return f'<td class="{"num" if field.is_numeric else kind}" data-label="{escape(label)}">'


@lru_cache(maxsize=256)
def _pattern(name: str, *more: str) -> str:
    return reverse(name, args=[_NOBODY, *more])


def url(name: str, uid: UUID, *more: str) -> str:
    """The address of an account's page; reversing it anew for every row would take most time."""
    return _pattern(name, *more).replace(_NOBODY_TEXT, str(uid))


def _drawer(field: Field) -> Draw:
    own: dict[str, Draw] = {"band": _health, "arr": _arr, "renewal_on": _renewal, "stake": _stake}
    if field.key in own:
        return own[field.key]
    return {FieldKind.DATE: _day, FieldKind.OWNER: _owner}.get(field.kind, _plain)


def _health(cells: Cells, row: Row, field: Field) -> str:
    badge = health(row.score, row.band, row.change_28, "", url("account-health", row.uid))
    hand = set_by_hand() if row.is_overridden else ""
    spark = drawing.sparkline(row.spark or [], tone=row.band, width=72)
    return f'<span class="row">{badge}{hand}{spark}</span>'


def _arr(cells: Cells, row: Row, field: Field) -> str:
    full = formats.money(row.arr.minor, row.arr.currency)
    short = formats.short_money(row.arr.minor, row.arr.currency) if row.arr.minor else "0"
    return _link(url("account-contracts", row.uid), short, f' title="{escape(full)}"')


def _renewal(cells: Cells, row: Row, field: Field) -> str:
    if row.renewal_on is None:
        return formats.NOTHING
    due = 0 <= (row.renewal_on - cells.today).days <= SOON_DAYS
    shown = _day_text(cells, row.renewal_on, near=True)
    return _link(url("account-contracts", row.uid), shown, " data-due" if due else "")


def _stake(cells: Cells, row: Row, field: Field) -> str:
    value = row.cells.get(field.key)
    currency = row.arr.currency or cells.currency
    return escape(formats.short_money(value, currency)) if value else formats.NOTHING


def _day(cells: Cells, row: Row, field: Field) -> str:
    value = row.cells.get(field.key)
    if value is None:
        return formats.NOTHING
    return _linked(row, field, _day_text(cells, value, near=field.key == "last_active_on"))


def _day_text(cells: Cells, value: date, *, near: bool) -> str:
    distance = escape(formats.ago(value, cells.today)) if near else ""
    return f'{escape(formats.short_day(value))}<span class="sub">{distance}</span>'


def _owner(cells: Cells, row: Row, field: Field) -> str:
    name = row.cells.get(field.key)
    return escape(name) if name else f'<span class="faint">{escape(_("nobody"))}</span>'


def _plain(cells: Cells, row: Row, field: Field) -> str:
    text = value_text(row.cells.get(field.key), field, cells.currency)
    return text if text == formats.NOTHING else _linked(row, field, escape(text))


def _linked(row: Row, field: Field, shown: str) -> str:
    if field.group == "metric":
        return _link(url("account-metric", row.uid, field.path), shown)
    if name := _OPENS.get(field.key):
        place = "#signals" if field.key.endswith("_open") else ""
        return _link(url(name, row.uid) + place, shown)
    return shown


def _link(target: str, shown: str, more: str = "") -> str:
    return f'<a class="plain" href="{escape(target)}"{more}>{shown}</a>'


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
