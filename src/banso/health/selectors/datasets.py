"""What can be measured of people's judgement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from banso.health.models import CsmSentiment
from banso.health.types import SENTIMENT_POINTS, Sentiment
from banso.workspace.selectors import of_accounts
from banso.workspace.types import Dataset, by_column


def _load_sentiments(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    rows = of_accounts(CsmSentiment.objects.order_by("from_day", "id"), account_ids)
    found = rows.values_list("account_id", "from_day", "value")
    return by_column(
        ("account_id", "day", "points", "seq"),
        ((one, day, _points(value), seq) for seq, (one, day, value) in enumerate(found)),
    )


def _load_spans(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    return by_column(("account_id", "from_day", "to_day", "points"), _spans(account_ids))


def _spans(account_ids: Collection[int] | None = None) -> Iterator[tuple[int, date, date, float]]:
    """Each sentiment until its last day or the next one, whichever comes first."""
    found = of_accounts(CsmSentiment.objects.order_by("account_id", "from_day", "id"), account_ids)
    rows = list(found.values_list("account_id", "from_day", "until_day", "value"))
    for row, following in zip_longest(rows, rows[1:]):
        account_id, first, until, value = row
        end = until + timedelta(days=1)
        if following is not None and following[0] == account_id:
            end = min(end, following[1])
        if end > first:
            yield account_id, first, end, _points(value)


def _points(value: str) -> float:
    return float(SENTIMENT_POINTS[Sentiment(value)])


SENTIMENTS = Dataset(
    "sentiments",
    "event",
    {"points": "float", "seq": "int"},
    {"en": "CSM sentiments, by the day they were given", "ja": "CSMの所感（記録日）"},
    _load_sentiments,
)
SENTIMENT_SPANS = Dataset(
    "sentiment_spans",
    "interval",
    {"points": "float"},
    {"en": "CSM sentiments while they count", "ja": "CSMの所感（有効期間）"},
    _load_spans,
)
DATASETS = (SENTIMENTS, SENTIMENT_SPANS)
