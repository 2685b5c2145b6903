"""What can be measured of the people who work with an account."""

from __future__ import annotations

from typing import Any

from banso.accounts.models import Activity
from banso.accounts.types import MANUAL_KINDS
from banso.workspace.selectors import company_zone
from banso.workspace.types import Dataset, by_column


def _load_activities() -> dict[str, Any]:
    zone = company_zone()
    entries = Activity.objects.filter(kind__in=MANUAL_KINDS).order_by("id")
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
