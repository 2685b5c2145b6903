"""Finding contracts by what other systems call them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from banso.contracts.models import Subscription, SubscriptionLine


@dataclass(frozen=True, slots=True)
class Served:
    """Whom a subscription or line serves, and when; ``end_on`` is exclusive."""

    account_id: int
    start_on: date
    end_on: date | None


def served_by_subscription(source: str, external_ids: Iterable[str]) -> dict[str, Served]:
    """Account and days of each line or subscription that the source calls by these ids."""
    wanted = list(external_ids)
    named = Subscription.objects.filter(source=source, external_id__in=wanted)
    lines = SubscriptionLine.objects.filter(source=source, external_id__in=wanted)
    rows = [
        *lines.values_list("external_id", "account_id", "start_on", "end_on"),
        *named.values_list("external_id", "account_id", "started_on", "ended_on"),
    ]
    return {external_id: Served(account, start, end) for external_id, account, start, end in rows}


def accounts_in_service(on: date, source: str = "") -> set[int]:
    """Accounts with a line that holds on the day and is no trial."""
    lines = SubscriptionLine.objects.filter(start_on__lte=on, is_trial=False)
    lines = lines.filter(Q(end_on__isnull=True) | Q(end_on__gt=on))
    if source:
        lines = lines.filter(source=source)
    return set(lines.values_list("account_id", flat=True))
