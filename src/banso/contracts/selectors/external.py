"""Finding contracts by what other systems call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from banso.contracts.models import SubscriptionLine


def account_by_subscription(source: str, external_ids: Iterable[str]) -> dict[str, int]:
    """Account of each line or subscription of the source."""
    wanted = list(external_ids)
    lines = SubscriptionLine.objects.filter(source=source)
    found = dict(
        lines.filter(subscription__external_id__in=wanted).values_list(
            "subscription__external_id", "account_id"
        )
    )
    return found | dict(
        lines.filter(external_id__in=wanted).values_list("external_id", "account_id")
    )


def accounts_in_service(on: date, source: str = "") -> set[int]:
    """Accounts with a line that holds on the day and is no trial."""
    lines = SubscriptionLine.objects.filter(start_on__lte=on, is_trial=False)
    lines = lines.filter(Q(end_on__isnull=True) | Q(end_on__gt=on))
    if source:
        lines = lines.filter(source=source)
    return set(lines.values_list("account_id", flat=True))
