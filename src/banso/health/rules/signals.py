"""When a signal rule holds, and how much is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from banso.health.rules.conditions import (
    BAND,
    SCORE,
    BandDrop,
    Compare,
    Condition,
    Conditions,
    ScoreChange,
)
from banso.health.rules.curves import FloatArray
from banso.health.rules.scorecard import NO_BAND

K = TypeVar("K")
BoolArray: TypeAlias = NDArray[np.bool_]
#: Evidence of one match: metric key, ``score`` or ``band`` (a code) to [value, value before].
Evidence: TypeAlias = dict[str, list[float | None]]

COMPARE: dict[str, Any] = {
    "lte": np.less_equal,
    "lt": np.less,
    "gte": np.greater_equal,
    "gt": np.greater,
    "eq": np.equal,
}
UNKNOWN_RISK = 0.5
NEAR_DAYS, FAR_DAYS, FAR_NEARNESS, UNKNOWN_NEARNESS = 30, 365, 0.25, 0.5


@dataclass(frozen=True)
class Inputs:
    """What the rules look at, all arrays over the same accounts; NaN = not known.

    Attributes:
        metrics: key to today's values.
        score: today's score that counts, overrides included.
        band: today's band codes (:data:`banso.health.rules.scorecard.BANDS`).
        score_before: days ago to scores.
        band_before: days ago to band codes, as judged on that day.
        recent: key (or ``score``) to an array (accounts, days), the last column today.
    """

    metrics: Mapping[str, ArrayLike]
    score: ArrayLike
    band: ArrayLike
    score_before: Mapping[int, ArrayLike]
    band_before: Mapping[int, ArrayLike]
    recent: Mapping[str, ArrayLike]

    def pick(self, at: NDArray[np.int64]) -> Inputs:
        """The inputs of the accounts at some positions."""

        def cut(known: Mapping[K, ArrayLike]) -> dict[K, ArrayLike]:
            return {key: np.asarray(values)[at] for key, values in known.items()}

        return Inputs(
            cut(self.metrics),
            np.asarray(self.score)[at],
            np.asarray(self.band)[at],
            cut(self.score_before),
            cut(self.band_before),
            cut(self.recent),
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Where a rule holds: a mask over the accounts, and the evidence by position in it."""

    matched: BoolArray
    evidence: dict[int, Evidence]


def matches(conditions: Conditions, inputs: Inputs) -> BoolArray:
    """Where all conditions hold; what is not known fulfils none."""
    matched = np.ones(len(np.atleast_1d(inputs.score)), dtype=bool)
    for condition in conditions.all:
        matched &= _holds(condition, inputs)
    return matched


def evaluate(conditions: Conditions, inputs: Inputs) -> Evaluation:
    """Where all conditions hold, and what says so."""
    matched = matches(conditions, inputs)
    positions: Sequence[int] = np.flatnonzero(matched).tolist()
    return Evaluation(matched, {i: _evidence(conditions, inputs, i) for i in positions})


def _holds(condition: Condition, inputs: Inputs) -> BoolArray:
    if isinstance(condition, BandDrop):
        before = _array(inputs.band_before, condition.days, inputs, NO_BAND)
        now = np.asarray(inputs.band)
        dropped: BoolArray = (now != NO_BAND) & (before != NO_BAND) & (now < before)
        return dropped
    if isinstance(condition, ScoreChange):
        before = _array(inputs.score_before, condition.days, inputs)
        # A difference of scores that should be −10 must not be −9.99…9.
        change = np.round(np.asarray(inputs.score) - before, 9)
        return np.asarray(COMPARE[condition.op](change, condition.value))
    if condition.for_days > 1:
        return _lasted(condition, inputs)
    return np.asarray(COMPARE[condition.op](_values(condition.key, inputs), condition.value))


def _lasted(condition: Compare, inputs: Inputs) -> BoolArray:
    if condition.key not in inputs.recent:
        return np.zeros(np.shape(inputs.score), dtype=bool)
    days = np.asarray(inputs.recent[condition.key], dtype=np.float64)[:, -condition.for_days :]
    if days.shape[1] < condition.for_days:
        return np.zeros(np.shape(inputs.score), dtype=bool)
    return np.asarray(COMPARE[condition.op](days, condition.value).all(axis=1))


def _array(
    known: Mapping[Any, ArrayLike], key: object, inputs: Inputs, missing: float = np.nan
) -> FloatArray:
    if key not in known:
        return np.full(np.shape(inputs.score), missing)
    return np.asarray(known[key], dtype=np.float64)


def _values(key: str, inputs: Inputs) -> FloatArray:
    if key == SCORE:
        return np.asarray(inputs.score, dtype=np.float64)
    return _array(inputs.metrics, key, inputs)


def _evidence(conditions: Conditions, inputs: Inputs, i: int) -> Evidence:
    found: Evidence = {}
    for item in conditions.all:
        if isinstance(item, BandDrop):
            before = _array(inputs.band_before, item.days, inputs, NO_BAND)
            found[BAND] = [float(np.asarray(inputs.band)[i]), float(before[i])]
        elif isinstance(item, ScoreChange):
            before = _array(inputs.score_before, item.days, inputs)
            found[SCORE] = [_number(_values(SCORE, inputs)[i]), _number(before[i])]
        else:
            found.setdefault(item.key, [_number(_values(item.key, inputs)[i]), None])
    for key in conditions.show:
        found.setdefault(key, [_number(_values(key, inputs)[i]), None])
    return found


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


def stake(arr: ArrayLike, score: ArrayLike, renewal_in_days: ArrayLike) -> FloatArray:
    """What an account puts at stake: ARR × risk × nearness, in the unit of ``arr``.

    Risk is 1 − score ÷ 100. Nearness is 1 from 30 days before the renewal on, falls with distance
    along half a cosine to 0.25 at 365 days, and stays there. A score or a renewal that is not known
    (NaN) counts as 0.5: it is neither safe nor lost.
    """
    risk = 1 - np.clip(np.asarray(score, dtype=np.float64), 0, 100) / 100
    risk = np.where(np.isnan(risk), UNKNOWN_RISK, risk)
    days = np.asarray(renewal_in_days, dtype=np.float64)
    way = np.clip((days - NEAR_DAYS) / (FAR_DAYS - NEAR_DAYS), 0, 1)
    near = FAR_NEARNESS + (1 - FAR_NEARNESS) * (1 + np.cos(np.pi * way)) / 2
    near = np.where(np.isnan(days), UNKNOWN_NEARNESS, near)
    return np.maximum(np.nan_to_num(np.asarray(arr, dtype=np.float64)), 0) * risk * near
