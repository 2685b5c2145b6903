"""Since when a rule has held without a break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from banso.health.rules.conditions import SCORE, BandDrop, Compare, Condition, Conditions
from banso.health.rules.scorecard import NO_BAND
from banso.health.rules.signals import COMPARE

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Days:
    """What the rules looked at on each of the last days: arrays (accounts, days), today last.

    Attributes:
        metrics: key to values, NaN = not known.
        score: the scores that counted.
        band: their band codes.
    """

    metrics: Mapping[str, ArrayLike]
    score: ArrayLike
    band: ArrayLike


def days_held(conditions: Conditions, days: Days) -> NDArray[np.int64]:
    """For each account, on how many days up to and including today the rule held in a row.

    A day too early for a condition to look back from, or without the values it needs, breaks the
    row; zero means that the rule does not hold today.
    """
    held = np.full_like(np.asarray(days.score), True, dtype=bool)
    for condition in conditions.all:
        held &= _held(condition, days)
    broken = ~held[:, ::-1]
    count: NDArray[np.int64] = np.where(
        broken.any(axis=1), broken.argmax(axis=1), held.shape[-1]
    ).astype(np.int64)
    return count


def _held(condition: Condition, days: Days) -> BoolArray:
    if isinstance(condition, BandDrop):
        band = np.asarray(days.band)
        before = _earlier(band, condition.days, NO_BAND)
        return np.asarray((band != NO_BAND) & (before != NO_BAND) & (band < before))
    if isinstance(condition, Compare):
        return _compared(condition, days)
    score = np.asarray(days.score, dtype=np.float64)
    change = np.round(score - _earlier(score, condition.days, np.nan), 9)
    return np.asarray(COMPARE[condition.op](change, condition.value))


def _compared(condition: Compare, days: Days) -> BoolArray:
    if condition.key != SCORE and condition.key not in days.metrics:
        return np.zeros(np.shape(days.score), dtype=bool)
    values = days.score if condition.key == SCORE else days.metrics[condition.key]
    met = np.asarray(COMPARE[condition.op](np.asarray(values, np.float64), condition.value))
    if condition.for_days == 1:
        return met
    # A day counts when the condition was met on it and on each of the days before it.
    sums = np.cumsum(met, axis=1)
    recent = sums - _earlier(sums, condition.for_days, 0)
    return np.asarray(recent >= condition.for_days)


def _earlier(values: NDArray[Any], days: int, missing: float) -> NDArray[Any]:
    """The values of so many days before, in the place of each day."""
    found = np.full_like(values, missing)
    if days < values.shape[1]:
        found[:, days:] = values[:, :-days]
    return found
