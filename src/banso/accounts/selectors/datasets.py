"""What can be measured of the people who work with an account."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from banso.accounts.models import Activity
from banso.accounts.types import MANUAL_KINDS
from banso.workspace.selectors import company_zone, of_accounts
from banso.workspace.types import Dataset, by_column


def _load_activities(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    zone = company_zone()
    found = Activity.objects.filter(kind__in=MANUAL_KINDS).order_by("id")
    entries = of_accounts(found, account_ids)
    rows = entries.values_list("account_id", "happened_at", "kind").iterator()
    return by_column(
        ("account_id", "day", "kind"),
        ((account, at.astimezone(zone).date(), kind) for account, at, kind in rows),
    )


ACTIVITIES = Dataset(
    "activities",
    "event",
    {"kind": "text"},
    {"en": "Notes, calls, meetings and mails", "ja": "メモ・電話・打ち合わせ・メール"},
    _load_activities,
)
DATASETS = (ACTIVITIES,)
