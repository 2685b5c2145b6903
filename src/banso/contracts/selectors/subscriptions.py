"""Reads of subscriptions and their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from banso.contracts.models import Subscription, SubscriptionLine
from banso.contracts.rules.recurring import (
    MONTHS_A_YEAR,
    Recurring,
    annual_by_currency,
    is_active,
    shown_arr,
)
from banso.contracts.rules.terms import terms
from banso.contracts.selectors.lines import Line, lines
from banso.contracts.selectors.money import company_rates
from banso.kit.money import Money
from banso.kit.rates import Rates


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
    rates = company_rates()
    return {
        account_id: _standing(list(found), day, rates)
        for account_id, found in groupby(lines(account_ids, by=day), lambda line: line.account_id)
    }


def _standing(begun: Sequence[Line], day: date, rates: Rates) -> Standing:
    active = [line for line in begun if is_active(line.priced, day)]
    by_currency = annual_by_currency((line.priced for line in active), day)
    return Standing(shown_arr(by_currency, rates), _renewal(active, day), bool(active))


def _renewal(active: Iterable[Line], day: date) -> date | None:
    ends: dict[bool, list[date]] = {True: [], False: []}
    for line in active:
        if not line.is_trial:
            present = (t for t in terms(line.span, day) if t.from_day <= day < t.to_day)
            ends[line.is_addon] += [term.ends_on for term in present]
    return min(ends[False] or ends[True], default=None)


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
    priced = [line.priced for line in lines([account.pk])]
    days = sorted(
        {line.start_on for line in priced} | {line.end_on for line in priced if line.end_on}
    )
    rates = company_rates()
    steps: list[ArrStep] = []
    for day in days:
        arr = shown_arr(annual_by_currency(priced, day), rates).arr
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
