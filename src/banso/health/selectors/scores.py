"""The score of one account on any day, taken apart; its history; and why it changed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from banso.health.models import Pulse, ScorecardVersion, ScoreMonth
from banso.health.rules.explain import Explanation, Side, Step, explain_change, waterfall
from banso.health.rules.lift import Lift, lift_to_next_band
from banso.health.rules.months import days_in, first_of_month, unpack, unpack_scores
from banso.health.rules.opinions import opinion_metrics
from banso.health.rules.scorecard import ScorecardSpec, band, parse, score
from banso.health.rules.sentence import Show, sentence
from banso.health.selectors.metrics import catalogue
from banso.health.selectors.months import OverrideSpan, override_spans

__all__ = [
    "Change",
    "DayScore",
    "Lift",
    "Series",
    "change",
    "day_score",
    "score_series",
    "sentence",
]


@dataclass(frozen=True)
class DayScore:
    """What one account's score was made of on one day.

    Attributes:
        computed: what the scorecard says; None = not enough data.
        override: the score set by hand that held on the day; None = none.
        values: metric key to value; only what the scorecard measures on past days.
    """

    day: date
    version: ScorecardVersion
    computed: float | None
    coverage: float
    override: float | None
    values: Mapping[str, float | None] = field(repr=False)

    @cached_property
    def spec(self) -> ScorecardSpec:
        """The scorecard as it was."""
        return parse(self.version.spec)

    @property
    def score(self) -> float | None:
        """The score that counts: the one set by hand where there is one."""
        return self.computed if self.override is None else self.override

    @property
    def band(self) -> str:
        """The band of the score that counts, empty without a score."""
        found = band(self.score, self.spec)
        return found.value if found else ""

    @cached_property
    def steps(self) -> list[Step]:
        """Each measure's part in the computed score, in reading order."""
        return waterfall(self.spec, self.values)

    @cached_property
    def group_scores(self) -> dict[str, float | None]:
        """Group key to its own score, None where nothing in it is known."""
        arrays = {key: math.nan if value is None else value for key, value in self.values.items()}
        found = score(self.spec, arrays).group_scores
        return {key: _known(float(value)) for key, value in found.items()}

    def lift(self) -> Lift | None:
        """What would lift the computed score to the next band, other than a better opinion.

        A judgement is to be heard, not aimed at: advice to raise it would only be said, not done.
        """
        return lift_to_next_band(self.spec, self.values, opinion_metrics(catalogue()))


@dataclass(frozen=True)
class Change:
    """Two days of an account and what lies between them."""

    before: DayScore
    after: DayScore
    explanation: Explanation

    def sentence(self, language: str, names: Mapping[str, str], show: Show | None = None) -> str:
        """The change in one line; see :func:`banso.health.rules.sentence.sentence`."""
        return sentence(self.explanation, language, names, show)


@dataclass(frozen=True)
class Series:
    """An account's scores day by day.

    Attributes:
        scores: the score that counted, None where there was none.
        versions: days on which another scorecard version began to judge, with the version.
        overrides: spans of days with a score set by hand.
    """

    days: list[date]
    scores: list[float | None]
    computed: list[float | None]
    versions: list[tuple[date, ScorecardVersion]]
    overrides: list[OverrideSpan]


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _override_on(spans: list[OverrideSpan], day: date) -> float | None:
    return next((span.score for span in reversed(spans) if span.first <= day <= span.last), None)


def day_score(account: Any, day: date) -> DayScore | None:
    """The account's score of a day; None where nothing was judged on it."""
    spans = override_spans([account.pk])
    return _published(account, day, spans) or _kept(account, day, spans)


def _published(account: Any, day: date, spans: list[OverrideSpan]) -> DayScore | None:
    """Today's score, from the unrounded values that the worker published last."""
    found = Pulse.objects.select_related("version__scorecard").filter(pk=account.pk, as_of=day)
    pulse = found.first()
    if pulse is None or pulse.version is None:
        return None
    values = {key: value[0] for key, value in pulse.measures.items()}
    override = _override_on(spans, day)
    return DayScore(
        day, pulse.version, pulse.computed_score, pulse.coverage, override, pulse.metrics | values
    )


def _kept(account: Any, day: date, spans: list[OverrideSpan]) -> DayScore | None:
    rows = ScoreMonth.objects.select_related("version__scorecard").order_by("-version_id")
    for row in rows.filter(account_id=account.pk, month=first_of_month(day)):
        month, at = unpack(bytes(row.payload), days_in(row.month)), day.day - 1
        if math.isnan(month.coverage[at]):
            continue
        keys = parse(row.version.spec).metric_keys()
        values = {key: _known(float(month.values[i, at])) for i, key in enumerate(keys)}
        computed = _known(float(month.score[at]))
        override = _override_on(spans, day)
        return DayScore(day, row.version, computed, float(month.coverage[at]), override, values)
    return None


def last_judged_day(account: Any) -> date | None:
    """The latest day on which the account was judged: today for a customer, None for none."""
    row = ScoreMonth.objects.filter(account_id=account.pk).order_by("-month", "-version_id").first()
    if row is None:
        return Pulse.objects.filter(pk=account.pk).values_list("as_of", flat=True).first()
    _score, coverage = unpack_scores(bytes(row.payload), days_in(row.month))
    judged = [at for at in range(len(coverage)) if not math.isnan(coverage[at])]
    return row.month + timedelta(days=judged[-1]) if judged else None


def change(before: DayScore, after: DayScore) -> Change:
    """What lies between two days: data, weights, configuration, override."""
    sides = [Side(one.spec, one.values, one.override) for one in (before, after)]
    return Change(before, after, explain_change(*sides))


def score_series(account: Any, first: date, last: date) -> Series:
    """The scores of the days from ``first`` to ``last`` as they were judged, with one query."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    computed: dict[date, float] = {}
    judged_by: dict[date, ScorecardVersion] = {}
    rows = ScoreMonth.objects.select_related("version__scorecard").order_by("month", "version_id")
    span = {"month__gte": first_of_month(first), "month__lte": last}
    for row in rows.filter(account_id=account.pk, **span):
        found, coverage = unpack_scores(bytes(row.payload), days_in(row.month))
        for at in range(days_in(row.month)):
            if not math.isnan(coverage[at]):
                day = row.month + timedelta(days=at)
                computed[day], judged_by[day] = float(found[at]), row.version
    spans = override_spans([account.pk])
    plain = [_known(computed.get(day)) for day in days]
    counting = [_override_on(spans, day) if day in judged_by else None for day in days]
    scores = [
        one if set_by is None else set_by for one, set_by in zip(plain, counting, strict=True)
    ]
    return Series(days, scores, plain, _turns(days, judged_by), spans)


def _turns(
    days: list[date], judged_by: Mapping[date, ScorecardVersion]
) -> list[tuple[date, ScorecardVersion]]:
    """Where another version took over; the first one in the span is no turn."""
    turns: list[tuple[date, ScorecardVersion]] = []
    present: ScorecardVersion | None = None
    for day in days:
        version = judged_by.get(day)
        if version is None:
            continue
        if present is not None and version.pk != present.pk:
            turns.append((day, version))
        present = version
    return turns
