"""Curves that turn a metric's value into 0 to 100 points: piecewise linear between knots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from banso.kit.messages import gettext_noop as _

Kind = Literal["linear", "bounded"]
Knot: TypeAlias = tuple[float, float]
FloatArray: TypeAlias = NDArray[np.float64]

MOST_KNOTS = 20

TOO_FEW = _("A curve needs at least two points.")
TOO_MANY = _("A curve has at most twenty points.")
NOT_NUMBERS = _("Every point of a curve is a pair of numbers: value and points.")
NOT_INCREASING = _("The values of a curve's points must increase from one point to the next.")
OUT_OF_RANGE = _("The points of a curve lie between 0 and 100.")
UNKNOWN_KIND = _("A curve is linear or bounded.")


@dataclass(frozen=True, slots=True)
class Curve:
    """Knots (value, points) with straight lines between them.

    A ``linear`` curve keeps its first and last points outside its knots. A ``bounded`` one
    contributes nothing there: the measure is left out as if it had no value.
    """

    knots: tuple[Knot, ...]
    kind: Kind = "linear"


def problem(knots: object, kind: object) -> str | None:
    """What is wrong with a curve as somebody typed it, in one sentence; None when nothing is."""
    if kind not in ("linear", "bounded"):
        return UNKNOWN_KIND
    if not isinstance(knots, Sequence) or isinstance(knots, str) or len(knots) < 2:
        return TOO_FEW
    if len(knots) > MOST_KNOTS:
        return TOO_MANY
    if not all(_is_pair(knot) for knot in knots):
        return NOT_NUMBERS
    if any(right[0] <= left[0] for left, right in pairwise(knots)):
        return NOT_INCREASING
    if any(not 0 <= knot[1] <= 100 for knot in knots):
        return OUT_OF_RANGE
    return None


def _is_pair(knot: object) -> bool:
    return (
        isinstance(knot, Sequence)
        and not isinstance(knot, str)
        and len(knot) == 2
        and all(is_number(item) for item in knot)
    )


def is_number(value: object) -> TypeGuard[float]:
    """Whether a decoded JSON value is a finite number; true and false are none."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < 1e15
    )


def points(curve: Curve, values: ArrayLike) -> FloatArray:
    """Points 0 to 100 of each value, in the shape of ``values``; NaN where there is no value."""
    array = np.asarray(values, dtype=np.float64)
    xs, ys = zip(*curve.knots, strict=True)
    found = np.interp(array, xs, ys)
    if curve.kind == "linear":
        return np.asarray(found, dtype=np.float64)
    return np.where((array < xs[0]) | (array > xs[-1]), np.nan, found)


def best(curve: Curve) -> float:
    """The most points that the curve can give."""
    return max(y for _, y in curve.knots)


def nearest_reaching(curve: Curve, wanted: float, now: float) -> float | None:
    """The value nearest to ``now`` that is worth at least ``wanted`` points.

    Where nothing is known now (NaN) it is the first value on the curve that is worth it.

    Returns:
        None when no value is worth that much.
    """
    spans = _spans_reaching(curve, wanted)
    if not spans:
        return None
    if math.isnan(now):
        low, high = spans[0]
        return low if math.isfinite(low) else high
    nearest = [min(max(now, low), high) for low, high in spans]
    return min(nearest, key=lambda value: abs(value - now))


def _spans_reaching(curve: Curve, wanted: float) -> list[tuple[float, float]]:
    """The spans of values worth at least ``wanted``, ascending; open ends are infinite."""
    spans = []
    for (x0, y0), (x1, y1) in pairwise(curve.knots):
        if max(y0, y1) < wanted:
            continue
        crossing = x0 if y0 == y1 else x0 + (wanted - y0) * (x1 - x0) / (y1 - y0)
        spans.append((x0 if y0 >= wanted else crossing, x1 if y1 >= wanted else crossing))
    if curve.kind == "linear":
        (first, y_first), (last, y_last) = curve.knots[0], curve.knots[-1]
        if y_first >= wanted:
            spans.insert(0, (-math.inf, first))
        if y_last >= wanted:
            spans.append((last, math.inf))
    return spans


def more_is_better(low: float, high: float) -> Curve:
    """Nothing up to ``low``, everything from ``high`` on."""
    return Curve(((low, 0), (high, 100)))


def less_is_better(low: float, high: float) -> Curve:
    """Everything up to ``low``, nothing from ``high`` on."""
    return Curve(((low, 100), (high, 0)))


def sweet_spot(low: float, good_from: float, good_to: float, high: float) -> Curve:
    """Everything between the two good values, falling to nothing at ``low`` and ``high``."""
    return Curve(((low, 0), (good_from, 100), (good_to, 100), (high, 0)))


def steps(levels: Sequence[Knot], ramp: float = 1) -> Curve:
    """From each level's value on its points hold, up to the next level.

    Args:
        levels: (value, points) ascending, further apart than ``ramp``.
        ramp: the width below each value over which the points climb; 1 makes true steps for
            things that are counted.
    """
    knots = [levels[0]]
    for level, (value, reached) in pairwise(levels):
        knots += [(value - ramp, level[1]), (value, reached)]
    # A level exactly one ramp above the last one starts its climb on that level's own knot.
    return Curve(tuple(knot for i, knot in enumerate(knots) if i == 0 or knot[0] > knots[i - 1][0]))
