"""Curves: how many points a value is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules import curves
from banso.health.rules.curves import Curve
from tests.health.specs import curves as any_curve

HILL = Curve(((0, 0), (10, 100), (20, 100), (40, 20)))


def test_points_lie_on_straight_lines_between_the_knots():
    found = curves.points(HILL, [0, 5, 10, 15, 30, 40])
    assert found.tolist() == [0, 50, 100, 100, 60, 20]


def test_a_linear_curve_saturates_and_a_bounded_one_says_nothing_outside():
    bounded = Curve(HILL.knots, "bounded")
    assert curves.points(HILL, [-1, 41]).tolist() == [0, 20]
    assert np.isnan(curves.points(bounded, [-1, 41])).all()
    assert curves.points(bounded, [0, 40]).tolist() == [0, 20]


def test_a_missing_value_has_no_points_in_any_shape():
    found = curves.points(HILL, np.array([[5, np.nan], [np.nan, 10]]))
    assert np.array_equal(found, [[50, np.nan], [np.nan, 100]], equal_nan=True)


@pytest.mark.parametrize(
    ("knots", "kind", "expected"),
    [
        ([[0, 0]], "linear", curves.TOO_FEW),
        ("0,0", "linear", curves.TOO_FEW),
        ([[i, 0] for i in range(21)], "linear", curves.TOO_MANY),
        ([[0, 0], [0, 5]], "linear", curves.NOT_INCREASING),
        ([[5, 0], [0, 5]], "linear", curves.NOT_INCREASING),
        ([[0, 0], [1, 101]], "linear", curves.OUT_OF_RANGE),
        ([[0, -1], [1, 100]], "linear", curves.OUT_OF_RANGE),
        ([[0, 0], [1, math.nan]], "linear", curves.NOT_NUMBERS),
        ([[0, 0], ["1", 1]], "linear", curves.NOT_NUMBERS),
        ([[0, 0], [True, 1]], "linear", curves.NOT_NUMBERS),
        ([[0, 0], [1, 1, 1]], "linear", curves.NOT_NUMBERS),
        ([[0, 0], [1, 1]], "round", curves.UNKNOWN_KIND),
        ([[0, 0], [1, 1]], "bounded", None),
    ],
)
def test_a_typed_curve_is_checked_in_one_sentence(knots, kind, expected):
    assert curves.problem(knots, kind) == expected


def test_presets():
    assert curves.points(curves.more_is_better(2, 4), [1, 2, 3, 4, 5]).tolist() == [
        0, 0, 50, 100, 100,
    ]  # fmt: skip
    assert curves.points(curves.less_is_better(2, 4), [1, 3, 5]).tolist() == [100, 50, 0]
    assert curves.points(curves.sweet_spot(0, 4, 6, 10), [0, 2, 5, 8, 10]).tolist() == [
        0, 50, 100, 50, 0,
    ]  # fmt: skip


def test_steps_are_true_steps_for_counted_things():
    stairs = curves.steps([(0, 10), (1, 40), (5, 100)])
    assert curves.points(stairs, [0, 1, 2, 4, 5, 9]).tolist() == [10, 40, 40, 40, 100, 100]
    assert curves.problem(stairs.knots, stairs.kind) is None


@given(any_curve(), st.floats(-1e6, 1e6))
def test_points_stay_between_0_and_100(curve, value):
    found = float(curves.points(curve, value))
    assert math.isnan(found) or 0 <= found <= 100


@given(any_curve(), st.floats(0, 100), st.one_of(st.just(math.nan), st.floats(-60, 160)))
def test_the_nearest_value_that_reaches_some_points_does_reach_them(curve, wanted, now):
    found = curves.nearest_reaching(curve, wanted, now)
    if found is None:
        assert curves.best(curve) < wanted
    else:
        assert float(curves.points(curve, found)) >= wanted - 1e-6


@given(any_curve(), st.floats(0, 100), st.floats(-60, 160))
def test_no_knot_nearer_than_the_nearest_reaching_value_reaches(curve, wanted, now):
    found = curves.nearest_reaching(curve, wanted, now)
    for x, y in curve.knots:
        if y >= wanted:
            assert found is not None
            assert abs(found - now) <= abs(x - now) + 1e-9


def test_what_is_good_enough_already_need_not_move():
    assert curves.nearest_reaching(HILL, 60, 12) == 12
    assert curves.nearest_reaching(HILL, 60, 5) == 6
    assert curves.nearest_reaching(HILL, 60, 39) == 30
