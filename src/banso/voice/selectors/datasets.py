"""What can be measured of the voice of the customer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from banso.voice.models import NpsAnswer
from banso.workspace.selectors import company_zone, of_accounts
from banso.workspace.types import Dataset, by_column


def _load_nps(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    zone = company_zone()
    found = NpsAnswer.objects.exclude(account=None).order_by("answered_at", "id")
    answers = of_accounts(found, account_ids)
    rows = answers.values_list("account_id", "answered_at", "score").iterator()
    # Answers of one day count in the order in which they were given.
    return by_column(
        ("account_id", "day", "score", "seq"),
        (
            (account, at.astimezone(zone).date(), float(score), place)
            for place, (account, at, score) in enumerate(rows)
        ),
    )


NPS = Dataset(
    "nps",
    "event",
    {"score": "float", "seq": "int"},
    {"en": "NPS answers", "ja": "NPSの回答"},
    _load_nps,
)
DATASETS = (NPS,)
