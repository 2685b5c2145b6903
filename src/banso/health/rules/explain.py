"""Why a score is what it is, why it changed, and what would lift it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from banso.health.rules.scorecard import Scored, band, effective_weights, score, shown
from banso.health.rules.spec import Group, ScorecardSpec
from banso.health.types import Band

Values = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One measure's part in a score.

    Attributes:
        value: None when there is none.
        points: 0 to 100; None when the measure is left out.
        counted_as: whether the points stand in for a missing value.
        weight: its share of the score after renormalising, 0 to 1; 0 when it is left out.
        contribution: weight × points; the contributions sum to the score.
        lost: weight × (100 − points); with the score they sum to 100.
    """

    group: str
    measure: str
    value: float | None
    points: float | None
    counted_as: bool
    weight: float
    contribution: float
    lost: float


def waterfall(spec: ScorecardSpec, values: Values) -> list[Step]:
    """Each measure's part in the score, in reading order.

    The parts are given below the minimum coverage too, where there is no score.
    """
    scored = score(spec, _arrays(spec, values))
    weights = effective_weights(spec, scored)
    return [
        _step(group, measure.key, values, scored, float(weights[measure.key]))
        for group in spec.groups
        for measure in group.measures
    ]


def _step(group: Group, key: str, values: Values, scored: Scored, weight: float) -> Step:
    value, points = _known(values.get(key)), _known(float(scored.points[key]))
    contribution = weight * (points or 0)
    counted_as = value is None and points is not None
    return Step(
        group.key, key, value, points, counted_as, weight, contribution, 100 * weight - contribution
    )


def _arrays(spec: ScorecardSpec, values: Values) -> dict[str, float]:
    found = {key: values.get(key) for key in spec.metric_keys()}
    return {key: math.nan if value is None else value for key, value in found.items()}


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


class Cause(StrEnum):
    """What a part of a change comes from."""

    DATA = "data"
    WEIGHTS = "weights"
    CONFIGURATION = "configuration"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: what judged the account, what was known, and the override if any."""

    spec: ScorecardSpec
    values: Values
    override: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a change, in points of the score.

    Attributes:
        key: the measure whose data changed; None for the other causes.
        before, after: the measure's values, or the override's scores; None = none.
    """

    cause: Cause
    amount: float
    key: str | None = None
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A change of the score that counts, taken apart.

    Attributes:
        before, after: the scores that count; None = not enough data.
        total: after − before; None unless both are known. The parts sum to it.
        parts: in the order of substitution, without those that changed nothing.
    """

    before: float | None
    after: float | None
    total: float | None
    parts: tuple[Part, ...]

    @property
    def shown_total(self) -> int | None:
        """The difference of the numbers people see."""
        before, after = shown(self.before), shown(self.after)
        return None if before is None or after is None else after - before

    def amount(self, cause: Cause) -> float:
        """All parts of one cause together."""
        return sum(part.amount for part in self.parts if part.cause == cause)


def explain_change(before: Side, after: Side) -> Explanation:
    """Take a change apart by putting the new in the place of the old, step by step.

    The order is: each measure's data in reading order of the old scorecard, judged by the old
    scorecard; then the new weights of the measures and groups that both scorecards have; then the
    rest of the new scorecard (curves, measures, groups, what empty values do, bands); then the
    override. A part is the difference that its step makes, so the parts sum to the total. The order
    matters only where a value appears or vanishes, because the others then carry its weight.
    """
    ends = (_counting(before), _counting(after))
    if ends[0] is None or ends[1] is None:
        return Explanation(*ends, None, ())
    if before.override is not None and after.override is not None:
        return _between_overrides(before.override, after.override)
    walk = _Walk(_plain(before.spec, before.values))
    parts = [walk.data(before, after, key) for key in before.spec.metric_keys()]
    reweighted = _reweighted(before.spec, after.spec)
    parts.append(walk.step(Cause.WEIGHTS, _plain(reweighted, after.values)))
    parts.append(walk.step(Cause.CONFIGURATION, _plain(after.spec, after.values)))
    total = ends[1] - ends[0]
    override = total - sum(part.amount for part in parts)
    if before.override is not None or after.override is not None:
        parts.append(Part(Cause.OVERRIDE, override, None, before.override, after.override))
    kept = tuple(part for part in parts if abs(part.amount) > 1e-9)
    return Explanation(*ends, total, kept)


def _between_overrides(before: float, after: float) -> Explanation:
    """While an override holds nothing else moves the score that counts."""
    total = after - before
    parts = (Part(Cause.OVERRIDE, total, None, before, after),) if total else ()
    return Explanation(before, after, total, parts)


class _Walk:
    """The score along the way; a step that leaves no score at all changes nothing."""

    def __init__(self, start: float | None) -> None:
        self.at = start

    def step(self, cause: Cause, reached: float | None, **facts: float | str | None) -> Part:
        amount = 0.0 if reached is None or self.at is None else reached - self.at
        self.at = self.at if reached is None else reached
        return Part(cause, amount, **facts)  # type: ignore[arg-type]

    def data(self, before: Side, after: Side, key: str) -> Part:
        keys = list(before.spec.metric_keys())
        done = set(keys[: keys.index(key) + 1])
        values = {name: (after if name in done else before).values.get(name) for name in keys}
        facts = {
            "key": key,
            "before": _known(before.values.get(key)),
            "after": _known(after.values.get(key)),
        }
        return self.step(Cause.DATA, _plain(before.spec, values), **facts)


def _plain(spec: ScorecardSpec, values: Values) -> float | None:
    """The score without regard to the minimum coverage."""
    return _known(float(score(spec, _arrays(spec, values), min_coverage=0).score))


def _counting(side: Side) -> float | None:
    if side.override is not None:
        return side.override
    return _known(float(score(side.spec, _arrays(side.spec, side.values)).score))


def _reweighted(old: ScorecardSpec, new: ScorecardSpec) -> ScorecardSpec:
    """The old scorecard with the new weights of whatever both have."""
    groups = {group.key: group.weight for group in new.groups}
    measures = {measure.key: measure.weight for measure in new.measures()}
    return replace(
        old,
        groups=tuple(
            replace(
                group,
                weight=groups.get(group.key, group.weight),
                measures=tuple(
                    replace(item, weight=measures.get(item.key, item.weight))
                    for item in group.measures
                ),
            )
            for group in old.groups
        ),
    )


def next_band(value: float | None, spec: ScorecardSpec) -> tuple[Band, float] | None:
    """The band above a score's own and where it begins; None at the top or without a score."""
    found = band(value, spec)
    if found == Band.DANGER:
        return Band.CAUTION, spec.bands.danger_to
    if found == Band.CAUTION:
        return Band.HEALTHY, spec.bands.caution_to
    return None
