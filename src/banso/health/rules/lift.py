"""What would lift a score to the next band."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import permutations

from banso.health.rules import curves
from banso.health.rules.explain import Values, next_band, waterfall
from banso.health.rules.scorecard import score
from banso.health.rules.spec import Measure, ScorecardSpec
from banso.health.types import Band


@dataclass(frozen=True, slots=True)
class Raise:
    """One measure that would have to change.

    Attributes:
        value, wanted: the value now (None when there is none) and the nearest one that suffices.
        points, points_wanted: what the curve makes of them.
    """

    measure: str
    value: float | None
    wanted: float
    points: float | None
    points_wanted: float

    @property
    def effort(self) -> float:
        """How far along its curve it has to come, in points; from 0 where it has no value."""
        return self.points_wanted - (self.points or 0)


@dataclass(frozen=True, slots=True)
class Lift:
    """The ways to the next band.

    Attributes:
        gap: points of the score that are missing.
        alone: measures each of which would suffice by itself, the least effort first.
        cheapest: the one or two measures that together ask for the least effort; None when no two
            suffice.
    """

    band: Band
    target: float
    gap: float
    alone: tuple[Raise, ...]
    cheapest: tuple[Raise, ...] | None


def lift_to_next_band(spec: ScorecardSpec, values: Values) -> Lift | None:
    """The ways to the next band; None for a score at the top or where there is none.

    Effort is counted in points of the measures' own curves, because the curve is what says how much
    a change of the value matters.
    """
    now = _score(spec, values)
    above = next_band(now, spec)
    if now is None or above is None:
        return None
    target = above[1]
    found = (_alone(spec, values, measure, target) for measure in spec.measures())
    alone = sorted((item for item in found if item is not None), key=_effort)
    pairs = [] if alone else _pairs(spec, values, target)
    cheapest = (alone[0],) if alone else min(pairs, key=_total_effort, default=None)
    return Lift(above[0], target, target - now, tuple(alone), cheapest)


def _effort(item: Raise) -> tuple[float, str]:
    return item.effort, item.measure


def _total_effort(items: tuple[Raise, ...]) -> tuple[float, str]:
    return sum(item.effort for item in items), items[0].measure


def _score(spec: ScorecardSpec, values: Values) -> float | None:
    arrays = {key: _nan(values.get(key)) for key in spec.metric_keys()}
    found = float(score(spec, arrays).score)
    return None if math.isnan(found) else found


def _nan(value: float | None) -> float:
    return math.nan if value is None else value


def _alone(spec: ScorecardSpec, values: Values, measure: Measure, target: float) -> Raise | None:
    """The raise of one measure that reaches the target, if any does.

    With a value in place the score is a straight line over the measure's points: two scores tell
    where that line meets the target.
    """
    best = curves.nearest_reaching(measure.curve, curves.best(measure.curve), math.nan)
    worst = _lowest(measure)
    if best is None:
        return None
    high, low = (_score(spec, {**values, measure.key: value}) for value in (best, worst))
    if high is None or low is None or high < target:
        return None
    top = curves.best(measure.curve)
    bottom = float(curves.points(measure.curve, worst))
    share = (target - low) / (high - low) if high > low else 1.0
    return _raise(spec, values, measure, bottom + max(share, 0.0) * (top - bottom))


def _lowest(measure: Measure) -> float:
    return min(measure.curve.knots, key=lambda knot: knot[1])[0]


def _raise(
    spec: ScorecardSpec, values: Values, measure: Measure, points_wanted: float
) -> Raise | None:
    value = values.get(measure.key)
    wanted = curves.nearest_reaching(measure.curve, points_wanted, _nan(value))
    if wanted is None:
        return None
    points = next(step.points for step in waterfall(spec, values) if step.measure == measure.key)
    return Raise(measure.key, value, wanted, points, points_wanted)


def _pairs(spec: ScorecardSpec, values: Values, target: float) -> list[tuple[Raise, ...]]:
    """Pairs in which the first measure comes to its best and the second as far as is needed.

    For two straight lines the least sum of efforts lies at such a corner.
    """
    found: list[tuple[Raise, ...]] = []
    for first, second in permutations(spec.measures(), 2):
        if values.get(first.key) is None or values.get(second.key) is None:
            continue
        full = _raise(spec, values, first, curves.best(first.curve))
        if full is None or full.effort <= 0:
            continue
        rest = _alone(spec, {**values, first.key: full.wanted}, second, target)
        if rest is not None and rest.effort > 0:
            found.append((full, rest))
    return found
