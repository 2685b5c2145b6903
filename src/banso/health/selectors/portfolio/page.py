"""Pages of the book of business."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from banso.health.models import Pulse
from banso.health.rules.query import Group
from banso.health.selectors.portfolio.fields import (
    ATTRIBUTE,
    DEFAULT_COLUMNS,
    DEFAULT_SORT,
    METRIC,
    Field,
)
from banso.health.selectors.portfolio.view import OWNER_PATHS, View, view, visible_pulses
from banso.kit.errors import InvalidInputError
from banso.kit.money import Money
from banso.workspace.types import Actor

PAGE_SIZE, MOST_A_PAGE, EXPORT_CHUNK = 50, 500, 2000
_ALWAYS = (
    "account_id",
    "account__uid",
    "account__name",
    "account__lifecycle",
    "account__segment",
    "account__cs_owner_id",
    "is_customer",
    "score",
    "computed_score",
    "band",
    "change_7",
    "change_28",
    "spark",
    "arr_minor",
    "currency",
    "renewal_on",
    "risks_open",
    "opportunities_open",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One account in the list.

    Attributes:
        cells: column key to value: text, number, date, Money, bool or None. Owners are names; the
            coverage is in percent.
    """

    account_id: int
    uid: UUID
    name: str
    lifecycle: str
    segment: str
    is_customer: bool
    score: float | None
    is_overridden: bool
    band: str
    change_7: float | None
    change_28: float | None
    spark: list[float | None]
    arr: Money
    renewal_on: date | None
    risks_open: int
    opportunities_open: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, with what is needed to draw it and to go on."""

    rows: list[Row]
    columns: list[Field]
    total: int
    number: int
    size: int
    sort: str
    query: Group

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.size))


def portfolio(
    actor: Actor,
    query: object = None,
    *,
    sort: str = DEFAULT_SORT,
    page: int = 1,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of the accounts that the actor may see and for which the query holds.

    Raises:
        InvalidInputError: the query cannot be read, or the page size is out of range.
    """
    if not 1 <= size <= MOST_A_PAGE:
        raise InvalidInputError(f"A page has 1 to {MOST_A_PAGE} rows.")
    asked = view(actor, query, sort=sort, columns=columns)
    total, number, ids = _cut(asked, page, size)
    rows = _rows(ids, asked.columns)
    return Page(rows, asked.columns, total, number, size, asked.sort, asked.query)


def _cut(asked: View, page: int, size: int) -> tuple[int, int, list[int]]:
    """How many match, which page that leaves, and the accounts on it."""
    if asked.is_costly:
        every = asked.ids()
        number = _within(page, len(every), size)
        return len(every), number, every[(number - 1) * size : number * size]
    total = asked.pulses.count()
    number = _within(page, total, size)
    return total, number, asked.ids((number - 1) * size, number * size)


def _within(page: int, total: int, size: int) -> int:
    return min(max(page, 1), max(1, -(-total // size)))


def matching_ids(actor: Actor, query: object = None) -> list[int]:
    """The accounts that match, for an action on all of them."""
    return list(view(actor, query).pulses.order_by("pk").values_list("pk", flat=True))


def export(
    actor: Actor,
    query: object = None,
    *,
    sort: str = DEFAULT_SORT,
    columns: Sequence[str] = DEFAULT_COLUMNS,
) -> tuple[list[Field], Iterator[Row]]:
    """All matching accounts, some at a time, with the columns they have."""
    asked = view(actor, query, sort=sort, columns=columns)
    ids = asked.ids()
    chunks = (ids[i : i + EXPORT_CHUNK] for i in range(0, len(ids), EXPORT_CHUNK))
    return asked.columns, (row for chunk in chunks for row in _rows(chunk, asked.columns))


def has_customers(actor: Actor) -> bool:
    """Whether any account that the actor may see is under contract."""
    return visible_pulses(actor).filter(is_customer=True).exists()


def _rows(ids: Sequence[int], columns: Sequence[Field]) -> list[Row]:
    """The accounts of the ids in their order; the wide columns are read for these only."""
    paths = dict.fromkeys((*_ALWAYS, *(path for field in columns if (path := _path(field)))))
    found = Pulse.objects.order_by().filter(pk__in=ids).values(*paths)
    by_id = {row["account_id"]: row for row in found}
    return [_row(by_id[one], columns) for one in ids if one in by_id]


def _path(field: Field) -> str:
    if field.group == "metric":
        return "metrics"
    if field.group == "attribute":
        return "account__attributes"
    return "" if field.key == "signal" else OWNER_PATHS.get(field.key, field.path)


def _row(row: Mapping[str, Any], columns: Sequence[Field]) -> Row:
    return Row(
        account_id=row["account_id"],
        uid=row["account__uid"],
        name=row["account__name"],
        lifecycle=row["account__lifecycle"],
        segment=row["account__segment"],
        is_customer=row["is_customer"],
        score=row["score"],
        is_overridden=row["score"] != row["computed_score"],
        band=row["band"],
        change_7=row["change_7"],
        change_28=row["change_28"],
        spark=row["spark"],
        arr=Money(row["arr_minor"], row["currency"]),
        renewal_on=row["renewal_on"],
        risks_open=row["risks_open"],
        opportunities_open=row["opportunities_open"],
        cells={field.key: _cell(row, field) for field in columns},
    )


def _cell(row: Mapping[str, Any], field: Field) -> Any:
    if field.key.startswith(METRIC):
        return row["metrics"].get(field.path)
    if field.key.startswith(ATTRIBUTE):
        return row["account__attributes"].get(field.path)
    if field.key == "arr":
        return Money(row["arr_minor"], row["currency"])
    if field.key == "coverage":
        return row["coverage"] * 100
    path = _path(field)
    return row[path] if path else None
