"""The leader's head line: is the book of business healthy, and what moved this week?"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Sum, Value, When

from banso.contracts.selectors.money import currencies_without_rate
from banso.health.models import Pulse
from banso.health.selectors.portfolio.conditions import band_changed
from banso.health.selectors.portfolio.facets import amounts
from banso.health.selectors.today.scope import Scope, default_scope, pulses_in
from banso.health.types import Band, bands_climbed
from banso.kit.money import Money
from banso.workspace.selectors import business_day
from banso.workspace.types import Actor

RENEWAL_DAYS, LISTED = 90, 12


@dataclass(frozen=True, slots=True)
class BandSlice:
    """The customers of one band (empty: not enough data) and their ARR by currency."""

    band: str
    accounts: int
    arr: list[Money]


@dataclass(frozen=True, slots=True)
class Moved:
    """An account whose band is another than a week ago."""

    account_id: int
    uid: UUID
    name: str
    score: float
    change_7: float | None
    band_7: str
    band: str
    arr: Money

    @property
    def is_worse(self) -> bool:
        """Whether it fell."""
        return bands_climbed(self.band_7, self.band) < 0


@dataclass(frozen=True, slots=True)
class Summary:
    """The book of business on a day; all over customers in scope.

    Attributes:
        bands: worst first, then those without a score.
        arr: ARR of all; amounts of currencies without an exchange rate stand apart.
        arr_at_risk: ARR of the customers in danger.
        moved_down, moved_up: how many changed band within a week; ``moved`` lists those with the
            greatest stake.
        unowned: customers without a CS owner, and their ARR.
        renewals, renewals_arr, renewals_at_risk: renewals within 90 days, their ARR, and how many
            of them are not healthy.
        without_rate: currencies for which no exchange rate is set.
    """

    day: date
    accounts: int
    bands: list[BandSlice]
    arr: list[Money]
    arr_at_risk: list[Money]
    moved_down: int
    moved_up: int
    moved: list[Moved]
    unowned: int
    unowned_arr: list[Money]
    renewals: int
    renewals_arr: list[Money]
    renewals_at_risk: int
    without_rate: list[str]


def summary(actor: Actor, as_of: date | None = None, *, scope: Scope | None = None) -> Summary:
    """How the customers in scope stand, with a constant number of queries."""
    day = as_of or business_day()
    pulses = pulses_in(actor, scope or default_scope(actor))
    groups = _groups(pulses, day)
    danger = [group for group in groups if group["band"] == Band.DANGER]
    unowned = [group for group in groups if group["nobody"]]
    due = [group for group in groups if group["due"]]
    turned = [(group, bands_climbed(group["band_7"], group["band"])) for group in groups]
    return Summary(
        day=day,
        accounts=_count(groups),
        bands=_bands(groups),
        arr=_arr(groups),
        arr_at_risk=_arr(danger),
        moved_down=_count([group for group, turn in turned if turn < 0]),
        moved_up=_count([group for group, turn in turned if turn > 0]),
        moved=_moved(pulses),
        unowned=_count(unowned),
        unowned_arr=_arr(unowned),
        renewals=_count(due),
        renewals_arr=_arr(due),
        renewals_at_risk=_count([group for group in due if group["band"] != Band.HEALTHY]),
        without_rate=currencies_without_rate(),
    )


def _groups(pulses: QuerySet[Pulse], day: date) -> list[dict[str, Any]]:
    """Customers counted by everything that the summary asks about, in one query."""
    last = day + timedelta(days=RENEWAL_DAYS)
    rows = pulses.annotate(
        nobody=_whether(Q(account__cs_owner_id__isnull=True)),
        due=_whether(Q(renewal_on__gte=day, renewal_on__lte=last)),
    )
    keys = ("band", "band_7", "currency", "nobody", "due")
    return list(rows.values(*keys).annotate(count=Count("pk"), total=Sum("arr_minor")))


def _whether(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _count(groups: list[dict[str, Any]]) -> int:
    return sum(group["count"] for group in groups)


def _arr(groups: list[dict[str, Any]]) -> list[Money]:
    totals: Counter[str] = Counter()
    for group in groups:
        totals[group["currency"]] += group["total"] or 0
    return amounts(totals)


def _bands(groups: list[dict[str, Any]]) -> list[BandSlice]:
    by_band: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        by_band[group["band"]].append(group)
    names = [*(band.value for band in Band), ""]
    return [BandSlice(name, _count(by_band[name]), _arr(by_band[name])) for name in names]


def _moved(pulses: QuerySet[Pulse]) -> list[Moved]:
    found = pulses.filter(band_changed())
    ids = list(found.order_by("-stake", "pk").values_list("pk", flat=True)[:LISTED])
    plain = ("account_id", "score", "change_7", "band_7", "band", "arr_minor", "currency")
    rows = Pulse.objects.filter(pk__in=ids).order_by("-stake", "pk")
    named = {"uid": F("account__uid"), "name": F("account__name")}
    return [_moved_row(row) for row in rows.values(*plain, **named)]


def _moved_row(row: dict[str, Any]) -> Moved:
    arr = Money(row.pop("arr_minor"), row.pop("currency"))
    return Moved(**row, arr=arr)
