"""Reads of subscriptions and their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from banso.contracts.models import Subscription, SubscriptionLine
from banso.contracts.rules.recurring import (
    MONTHS_A_YEAR,
    PricedLine,
    Recurring,
    annual_by_currency,
    is_active,
    shown_arr,
)
from banso.contracts.rules.terms import LineSpan, terms
from banso.contracts.selectors.money import company_rates
from banso.kit.money import Money


@dataclass(frozen=True, slots=True)
class Standing:
    """An account's contracts on a day.

    Args:
        renewal_on: where the current term of its main products ends; the soonest of several.
        active: whether any line holds, trials included.
    """

    recurring: Recurring
    renewal_on: date | None
    active: bool


@dataclass(frozen=True, slots=True)
class ArrStep:
    """From this day on the account's ARR is this much, in the currency in which it is shown."""

    day: date
    arr: Money


def subscriptions_of(account: Any) -> QuerySet[Subscription]:
    """The account's subscriptions with their lines and products, latest first."""
    return (
        Subscription.objects.filter(account_id=account.pk)
        .prefetch_related("lines__product")
        .order_by("-started_on", "-id")
    )


def standings(day: date, account_ids: Sequence[int] | None = None) -> dict[int, Standing]:
    """ARR, renewal date and whether anything is active, by account with lines begun by ``day``."""
    lines: dict[int, list[PricedLine]] = defaultdict(list)
    spans: dict[int, list[tuple[bool, LineSpan]]] = defaultdict(list)
    for row in _rows(account_ids).filter(start_on__lte=day):
        account_id, start, end, agreed, period, minor, currency, is_trial, is_addon = row
        line = PricedLine(start, end, Money(minor, currency), is_trial)
        lines[account_id].append(line)
        if is_active(line, day) and not is_trial:
            spans[account_id].append((is_addon, LineSpan(start, end, agreed, period)))
    rates = company_rates()
    return {
        account_id: Standing(
            shown_arr(annual_by_currency(found, day), rates),
            _renewal(spans[account_id], day),
            any(is_active(line, day) for line in found),
        )
        for account_id, found in lines.items()
    }


def _rows(account_ids: Sequence[int] | None) -> QuerySet[SubscriptionLine, tuple[Any, ...]]:
    found = SubscriptionLine.objects.order_by("account_id", "id")
    if account_ids is not None:
        found = found.filter(account_id__in=account_ids)
    return found.values_list(
        "account_id",
        "start_on",
        "end_on",
        "term_end_on",
        "billing_period_months",
        "mrr_minor",
        "currency",
        "is_trial",
        "product__is_addon",
    )


def _renewal(spans: Iterable[tuple[bool, LineSpan]], day: date) -> date | None:
    ends: dict[bool, list[date]] = {True: [], False: []}
    for is_addon, span in spans:
        ends[is_addon] += [
            term.ends_on for term in terms(span, day) if term.from_day <= day < term.to_day
        ]
    return min(ends[False] or ends[True], default=None)


def service_spans() -> dict[int, tuple[date, date | None]]:
    """Account to the first day of its first line and the end of its last; None = still open."""
    rows = (
        SubscriptionLine.objects.order_by()
        .values("account_id")
        .annotate(first=Min("start_on"), last=Max("end_on"))
    )
    still_open = set(
        SubscriptionLine.objects.order_by().filter(end_on=None).values_list("account_id", flat=True)
    )
    return {
        row["account_id"]: (
            row["first"],
            None if row["account_id"] in still_open else row["last"],
        )
        for row in rows
    }


def active_spans(
    account_ids: Sequence[int] | None = None,
) -> Mapping[int, list[tuple[date, date | None]]]:
    """Account to the spans (first day, day after the last) of all its lines, trials included."""
    found = SubscriptionLine.objects.order_by("account_id", "start_on")
    if account_ids is not None:
        found = found.filter(account_id__in=account_ids)
    spans: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for account_id, start, end in found.values_list("account_id", "start_on", "end_on"):
        spans[account_id].append((start, end))
    return spans


def arr_steps(account: Any) -> list[ArrStep]:
    """How the account's ARR changed, oldest first; the last step may lie ahead."""
    lines = [
        PricedLine(row[1], row[2], Money(row[5], row[6]), row[7]) for row in _rows([account.pk])
    ]
    days = sorted(
        {line.start_on for line in lines} | {line.end_on for line in lines if line.end_on}
    )
    rates = company_rates()
    steps: list[ArrStep] = []
    for day in days:
        arr = shown_arr(annual_by_currency(lines, day), rates).arr
        if not steps or steps[-1].arr != arr:
            steps.append(ArrStep(day, arr))
    return steps


def lines_on(account: Any, day: date) -> list[SubscriptionLine]:
    """The lines of the account that hold on a day, with product and subscription."""
    return list(
        SubscriptionLine.objects.select_related("product", "subscription")
        .filter(account_id=account.pk, start_on__lte=day)
        .filter(Q(end_on=None) | Q(end_on__gt=day))
        .order_by("start_on", "id")
    )


def annual(mrr_minor: int) -> int:
    """A yearly price from a monthly one, in the same minor units."""
    return mrr_minor * MONTHS_A_YEAR
