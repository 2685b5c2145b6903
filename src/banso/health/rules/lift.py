"""What would lift a score to the next band."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import permutations

from banso.health.rules import curves
from banso.health.rules.explain import Step, Values, next_band, waterfall
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


def lift_to_next_band(
    spec: ScorecardSpec, values: Values, leave_out: Collection[str] = ()
) -> Lift | None:
    """The ways to the next band; None for a score at the top or where there is none.

    Effort is counted in points of the measures' own curves, because the curve is what says how much
    a change of the value matters. Pairs are made of measures that have points already. Measures in
    ``leave_out`` are proposed neither alone nor in a pair.
    """
    now = _score(spec, values)
    above = next_band(now, spec)
    if now is None or above is None:
        return None
    band, target = above
    chances = [
        _Chance(measure, step)
        for measure, step in zip(spec.measures(), waterfall(spec, values), strict=True)
        if measure.key not in leave_out
    ]
    present = [chance for chance in chances if chance.step.points is not None]
    found = [chance.raised(target - now) for chance in present]
    found += [_filled_in(spec, values, c.measure, target) for c in chances if c not in present]
    alone = sorted((item for item in found if item is not None), key=_effort)
    pairs = [] if alone else _pairs(present, target - now)
    cheapest = (alone[0],) if alone else min(pairs, key=_total_effort, default=None)
    return Lift(band, target, target - now, tuple(alone), cheapest)


@dataclass(frozen=True, slots=True)
class _Chance:
    """A measure as it stands; while it has points each of them is worth its weight."""

    measure: Measure
    step: Step

    @property
    def room(self) -> float:
        """The points between now and the best of its curve."""
        return curves.best(self.measure.curve) - (self.step.points or 0)

    @property
    def most(self) -> float:
        """What its best would add to the score."""
        return self.room * self.step.weight

    def raised(self, gap: float) -> Raise | None:
        """The raise that closes a gap of the score; None when its best does not."""
        if self.step.weight <= 0 or self.most < gap - 1e-9:
            return None
        return self.by(min(gap / self.step.weight, self.room))

    def by(self, more: float) -> Raise | None:
        """The raise by some points of its curve."""
        # A sum of floats may pass the best of the curve by a hair, which no value reaches.
        wanted = min((self.step.points or 0) + more, curves.best(self.measure.curve))
        return _raise(self.measure, self.step.value, self.step.points, wanted)


def _raise(
    measure: Measure, value: float | None, points: float | None, points_wanted: float
) -> Raise | None:
    now = math.nan if value is None else value
    wanted = curves.nearest_reaching(measure.curve, points_wanted, now)
    if wanted is None:
        return None
    return Raise(measure.key, value, wanted, points, points_wanted)


def _filled_in(
    spec: ScorecardSpec, values: Values, measure: Measure, target: float
) -> Raise | None:
    """The value of a measure that says nothing now which would reach the target, if any does.

    Once it has points the score is a straight line over them: the scores at its lowest and its best
    tell where that line meets the target.
    """
    knots = sorted(measure.curve.knots, key=lambda knot: knot[1])
    (lowest, bottom), (best, top) = knots[0], knots[-1]
    low = _score(spec, {**values, measure.key: lowest})
    high = _score(spec, {**values, measure.key: best})
    if low is None or high is None or high < target:
        return None
    share = (target - low) / (high - low) if high > low else 1.0
    wanted = min(bottom + max(share, 0.0) * (top - bottom), top)
    return _raise(measure, values.get(measure.key), None, wanted)


def _pairs(present: list[_Chance], gap: float) -> list[tuple[Raise, ...]]:
    """Pairs in which the first measure comes to its best and the second as far as is needed.

    For two straight lines the least sum of efforts lies at such a corner.
    """
    found: list[tuple[Raise, ...]] = []
    for first, second in permutations(present, 2):
        full, rest = first.by(first.room), second.raised(gap - first.most)
        if first.room > 0 and full is not None and rest is not None:
            found.append((full, rest))
    return found


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
