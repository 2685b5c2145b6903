"""What can be measured of the people who work with an account."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from banso.accounts.models import Activity
from banso.accounts.types import MANUAL_KINDS
from banso.workspace.selectors import company
from banso.workspace.types import Dataset


def _load_activities() -> dict[str, Any]:
    zone = ZoneInfo(company().time_zone)
    entries = Activity.objects.filter(kind__in=MANUAL_KINDS).order_by("id")
    found = list(entries.values_list("account_id", "happened_at", "kind"))
    return {
        "account_id": [account for account, _at, _kind in found],
        "day": [at.astimezone(zone).date() for _account, at, _kind in found],
        "kind": [kind for _account, _at, kind in found],
    }


ACTIVITIES = Dataset(
    "activities",
    "event",
    {"kind": "text"},
    {"en": "Notes, calls, meetings and mails", "ja": "メモ・電話・打ち合わせ・メール"},
    _load_activities,
)
DATASETS = (ACTIVITIES,)
