"""Reads of the kept history of scores, and of the overrides that lie over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from banso.health.models import ScoreMonth, ScoreOverride
from banso.health.rules.months import days_in, first_of_month, unpack_scores

Floats = NDArray[np.float64]
#: Up to so many accounts are named to the database; of more, all rows are read.
FEW = 1000


@dataclass(frozen=True, slots=True)
class OverrideSpan:
    """An override and the days on which it held; both are included."""

    account_id: int
    first: date
    last: date
    score: float


@dataclass(frozen=True)
class DayScores:
    """Scores of one day over a list of accounts; NaN = none, version 0 = not judged."""

    score: Floats
    version: NDArray[np.int64]


def override_spans(account_ids: Sequence[int]) -> list[OverrideSpan]:
    """All overrides of the accounts with the days on which they hold, oldest first.

    One that was ended does not hold on the day of its end any more.
    """
    found = ScoreOverride.objects.order_by("id")
    if len(account_ids) <= FEW:
        found = found.filter(account_id__in=account_ids)
    spans = []
    for row in found:
        last = row.until_day
        if row.ended_on is not None:
            last = min(last, row.ended_on - timedelta(days=1))
        if row.from_day <= last:
            spans.append(OverrideSpan(row.account_id, row.from_day, last, row.score))
    return spans


def computed_on(account_ids: Sequence[int], days: Collection[date]) -> dict[date, DayScores]:
    """The kept computed scores of some days, without overrides."""
    position = {account_id: i for i, account_id in enumerate(account_ids)}
    found = {day: _nothing(len(position)) for day in days}
    by_month: dict[date, list[date]] = {}
    for day in days:
        by_month.setdefault(first_of_month(day), []).append(day)
    rows = ScoreMonth.objects.order_by("version_id").filter(month__in=by_month)
    if len(account_ids) <= FEW:
        rows = rows.filter(account_id__in=account_ids)
    cells = rows.values_list("account_id", "month", "version_id", "payload")
    for account_id, month, version_id, payload in cells.iterator(chunk_size=5000):
        at = position.get(account_id)
        if at is None:
            continue
        score, coverage = unpack_scores(bytes(payload), days_in(month))
        for day in by_month[month]:
            if not np.isnan(coverage[day.day - 1]):
                found[day].score[at] = score[day.day - 1]
                found[day].version[at] = version_id
    return found


def overridden(
    scores: Floats, account_ids: Sequence[int], spans: Iterable[OverrideSpan], day: date
) -> Floats:
    """The scores that count on a day: overrides take the place of computed scores."""
    position = {account_id: i for i, account_id in enumerate(account_ids)}
    found = scores.copy()
    for span in spans:
        if span.first <= day <= span.last and span.account_id in position:
            found[position[span.account_id]] = span.score
    return found


def _nothing(count: int) -> DayScores:
    return DayScores(np.full(count, np.nan), np.zeros(count, dtype=np.int64))
