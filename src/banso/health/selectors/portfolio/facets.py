"""How the accounts of a query divide, for quick filters and head lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from banso.health.selectors.portfolio.view import view
from banso.kit.money import Money
from banso.workspace.types import Actor

_PATHS = {
    "band": "band",
    "is_customer": "is_customer",
    "segment": "account__segment",
    "lifecycle": "account__lifecycle",
    "cs_owner": "account__cs_owner__uid",
    "sales_owner": "account__sales_owner__uid",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """A value of a facet with the accounts that have it and their ARR by currency."""

    value: Any
    accounts: int
    arr: list[Money]


def facets(
    actor: Actor, query: object = None, keys: Iterable[str] = ("band", "segment", "lifecycle")
) -> dict[str, list[Slice]]:
    """Facet key to its values, the most frequent first, with one query for all.

    Args:
        keys: of ``band``, ``is_customer``, ``segment``, ``lifecycle``, ``cs_owner`` (by public id
            of the person, None = nobody) and ``sales_owner``.
    """
    wanted = list(keys)
    paths = [_PATHS[key] for key in wanted]
    rows = list(
        view(actor, query)
        .pulses.values_list(*paths, "currency")
        .annotate(count=Count("pk"), total=Sum("arr_minor"))
    )
    return {key: _slices(rows, i) for i, key in enumerate(wanted)}


def _slices(rows: list[tuple[Any, ...]], i: int) -> list[Slice]:
    accounts: Counter[Any] = Counter()
    arr: dict[Any, Counter[str]] = {}
    for row in rows:
        accounts[row[i]] += row[-2]
        arr.setdefault(row[i], Counter())[row[-3]] += row[-1] or 0
    return [
        Slice(value, count, amounts(arr[value]))
        for value, count in sorted(accounts.items(), key=lambda item: (-item[1], str(item[0])))
    ]


def amounts(by_currency: Counter[str]) -> list[Money]:
    """Sums of several currencies, without those that are zero; the greatest sum first."""
    found = [Money(minor, code) for code, minor in by_currency.items() if minor]
    return sorted(found, key=lambda money: -money.amount)
