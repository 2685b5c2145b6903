"""What can be measured of the voice of the customer."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from banso.voice.models import NpsAnswer
from banso.workspace.selectors import company
from banso.workspace.types import Dataset


def _load_nps() -> dict[str, Any]:
    zone = ZoneInfo(company().time_zone)
    answers = NpsAnswer.objects.exclude(account=None).order_by("answered_at", "id")
    found = list(answers.values_list("account_id", "answered_at", "score"))
    return {
        "account_id": [account for account, _at, _score in found],
        "day": [at.astimezone(zone).date() for _account, at, _score in found],
        "score": [float(score) for _account, _at, score in found],
        # Answers of one day count in the order in which they were given.
        "seq": list(range(len(found))),
    }


NPS = Dataset(
    "nps",
    "event",
    {"score": "float", "seq": "int"},
    {"en": "NPS answers", "ja": "NPSの回答"},
    _load_nps,
)
DATASETS = (NPS,)
