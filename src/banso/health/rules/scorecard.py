"""Score accounts by a scorecard: any number of accounts and days at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from banso.health.rules.curves import FloatArray, points
from banso.health.rules.reading import parse
from banso.health.rules.spec import Group, Measure, ScorecardSpec, to_dict
from banso.health.types import Band

__all__ = [
    "BANDS",
    "NO_BAND",
    "Group",
    "Measure",
    "ScorecardSpec",
    "Scored",
    "band",
    "band_codes",
    "effective_weights",
    "parse",
    "score",
    "shown",
    "to_dict",
]

BoolArray: TypeAlias = NDArray[np.bool_]
#: Bands by code, worst first; ``NO_BAND`` stands for "not enough data".
BANDS = (Band.DANGER, Band.CAUTION, Band.HEALTHY)
NO_BAND = -1
#: Scores are rounded to this many decimals, so that a sum that should be 70 is not 69.99…9.
DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scorecard says; all arrays have the shape of the values, NaN = none.

    Attributes:
        score: 0 to 100; NaN below the minimum coverage.
        coverage: 0 to 1, the share of weight that was judged from a real value.
        group_scores: group key to its own score.
        points: measure key to points, set points of missing values included.
    """

    score: FloatArray
    coverage: FloatArray
    group_scores: dict[str, FloatArray]
    points: dict[str, FloatArray]


def score(
    spec: ScorecardSpec, values: Mapping[str, ArrayLike], *, min_coverage: float | None = None
) -> Scored:
    """Score every account (and day) of arrays of one shape.

    A group is Σ(w·s)/Σw over its measures that have points; a group without any is empty. The total
    is formed from the groups in the same way. A value outside a bounded curve has no points.

    Args:
        values: metric key to values; a key that is absent counts as missing everywhere.
        min_coverage: used instead of the scorecard's own.
    """
    shape = np.broadcast_shapes(*(np.shape(array) for array in values.values()))
    real = {measure.key: _real_points(measure, values, shape) for measure in spec.measures()}
    counted = {measure.key: _filled(measure, values, real) for measure in spec.measures()}
    known = {key: ~np.isnan(found) for key, found in counted.items()}
    group_scores = {
        group.key: _mean([(m.weight, counted[m.key], known[m.key]) for m in group.measures], shape)
        for group in spec.groups
    }
    groups = [(group.weight, group_scores[group.key]) for group in spec.groups]
    total = _mean([(weight, found, ~np.isnan(found)) for weight, found in groups], shape)
    coverage = np.zeros(shape)
    for key, share in spec.nominal_weights().items():
        judged = known[key] if counted[key] is real[key] else ~np.isnan(real[key])
        coverage += share * judged
    coverage = np.round(coverage, DECIMALS)
    least = spec.min_coverage if min_coverage is None else min_coverage
    total = np.where(coverage >= least - 1e-9, np.round(np.clip(total, 0, 100), DECIMALS), np.nan)
    return Scored(total, coverage, group_scores, counted)


def _real_points(
    measure: Measure, values: Mapping[str, ArrayLike], shape: tuple[int, ...]
) -> FloatArray:
    if measure.key not in values:
        return np.full(shape, np.nan)
    return np.broadcast_to(points(measure.curve, values[measure.key]), shape)


def _filled(
    measure: Measure, values: Mapping[str, ArrayLike], real: Mapping[str, FloatArray]
) -> FloatArray:
    found = real[measure.key]
    if measure.empty == "leave_out":
        return found
    # Only a missing value is replaced: one outside a bounded curve is known and says nothing.
    missing = np.isnan(np.asarray(values.get(measure.key, np.nan), dtype=np.float64))
    return np.where(missing, float(measure.empty_points or 0), found)


def _mean(
    parts: Sequence[tuple[float, FloatArray, BoolArray]], shape: tuple[int, ...]
) -> FloatArray:
    """Σ(w·s)/Σw over the parts: a weight, scores, and which of them there are."""
    total, over = np.zeros(shape), np.zeros(shape)
    for weight, found, known in parts:
        total += weight * np.where(known, found, 0.0)
        over += weight * known
    return _divided(total, over)


def _divided(
    numerator: NDArray[Any], denominator: NDArray[Any], otherwise: float = np.nan
) -> FloatArray:
    found = np.full(np.shape(numerator), otherwise)
    np.divide(numerator, denominator, out=found, where=denominator > 0)
    return found


def effective_weights(spec: ScorecardSpec, scored: Scored) -> dict[str, FloatArray]:
    """Measure key to its share of the score after renormalising; 0 where it was left out.

    They sum to 1 wherever anything has points, and Σ weight × points is the score to within 1e-9.
    """
    shape = scored.score.shape
    live = {
        group.key: group.weight * ~np.isnan(scored.group_scores[group.key]) for group in spec.groups
    }
    over_groups = sum(live.values(), np.zeros(shape))
    weights = {}
    for group in spec.groups:
        share = _divided(live[group.key], over_groups, 0.0)
        has = {m.key: m.weight * ~np.isnan(scored.points[m.key]) for m in group.measures}
        inside = sum(has.values(), np.zeros(shape))
        for measure in group.measures:
            weights[measure.key] = share * _divided(has[measure.key], inside, 0.0)
    return weights


def band_codes(scores: ArrayLike, spec: ScorecardSpec) -> NDArray[np.int8]:
    """Index into :data:`BANDS` of each unrounded score; ``NO_BAND`` where there is none."""
    array = np.asarray(scores, dtype=np.float64)
    limits = np.array([spec.bands.danger_to, spec.bands.caution_to])
    codes = np.searchsorted(limits, array, side="right").astype(np.int8)
    return np.where(np.isnan(array), np.int8(NO_BAND), codes)


def band(value: float | None, spec: ScorecardSpec) -> Band | None:
    """The band of one unrounded score; None when there is no score."""
    if value is None or math.isnan(value):
        return None
    return BANDS[int(band_codes(value, spec))]


def shown(value: float | None) -> int | None:
    """The number people see: the score without its decimals, so that 69.9 is not shown as 70."""
    return None if value is None or math.isnan(value) else math.floor(value)
