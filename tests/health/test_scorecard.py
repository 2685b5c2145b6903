"""Scoring by a scorecard, with figures worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules.curves import Curve
from banso.health.rules.scorecard import (
    band,
    band_codes,
    effective_weights,
    parse,
    score,
    shown,
    to_dict,
)
from banso.health.types import Band
from banso.kit.errors import InvalidInputError
from tests.health.specs import FALLING, PLAIN, group, known, measure, spec, specs

nan = np.nan


def numbers(values):
    """Values with NaN for the missing ones."""
    return {key: nan if value is None else value for key, value in values.items()}


def test_a_score_worked_by_hand():
    # use = (1·50 + 3·80) ÷ 4 = 72.5; voice = 30; total = (60·72.5 + 40·30) ÷ 100 = 55.5
    scored = score(PLAIN, {"users": 5, "events": 8, "nps": 3})
    assert float(scored.score) == 55.5
    assert float(scored.group_scores["use"]) == 72.5
    assert float(scored.coverage) == 1
    assert float(effective_weights(PLAIN, scored)["events"]) == pytest.approx(0.45)


def test_what_has_no_value_is_left_out_and_the_others_carry_its_weight():
    # Without events: use = 50, coverage 0.15 + 0.4; without NPS too, use alone is the score.
    scored = score(PLAIN, {"users": [5, 5], "events": [nan, 8], "nps": [3, nan]})
    assert scored.score.tolist() == [42, 72.5]
    assert scored.coverage.tolist() == [0.55, 0.6]
    assert np.isnan(scored.group_scores["voice"][1])


def test_a_missing_value_can_count_as_set_points_without_counting_as_known():
    card = spec(group("use", 1, measure("a"), measure("b", 1, FALLING, 0)), min_coverage=0.5)
    scored = score(card, {"a": 10.0})
    assert float(scored.score) == 50
    assert float(scored.coverage) == 0.5


def test_below_the_minimum_coverage_there_is_no_score_and_at_it_there_is():
    values = {"users": nan, "events": nan, "nps": 5.0}
    assert float(score(PLAIN, values).score) == 50
    assert np.isnan(score(replace(PLAIN, min_coverage=0.41), values).score)


def test_a_value_outside_a_bounded_curve_says_nothing_even_if_missing_ones_count():
    bounded = Curve(((0, 0), (10, 100)), "bounded")
    card = spec(group("use", 1, measure("a"), measure("b", 1, bounded, 0)), min_coverage=0)
    scored = score(card, {"a": [10, 10], "b": [99, nan]})
    assert scored.score.tolist() == [100, 50]


def test_nothing_known_at_all_is_no_score():
    assert np.isnan(score(replace(PLAIN, min_coverage=0), {}).score)


def test_accounts_by_days_score_as_each_of_them_does_alone():
    days = np.array([[1, nan, 7], [10, 3, nan]])
    scored = score(PLAIN, {"users": days, "events": days[::-1], "nps": days * 2})
    alone = score(PLAIN, {"users": 7, "events": nan, "nps": 14})
    assert scored.score.shape == (2, 3)
    assert scored.score[0, 2] == alone.score


def test_band_borders_belong_to_the_better_band_and_shown_scores_are_floored():
    assert [band(value, PLAIN) for value in (0, 39.999, 40, 69.999, 70, 100)] == [
        Band.DANGER, Band.DANGER, Band.CAUTION, Band.CAUTION, Band.HEALTHY, Band.HEALTHY,
    ]  # fmt: skip
    assert band(None, PLAIN) is None
    assert band_codes([nan, 70, 10], PLAIN).tolist() == [-1, 2, 0]
    assert [shown(value) for value in (69.999, 70.0, None, nan)] == [69, 70, None, None]


def test_a_sum_that_should_be_70_is_healthy():
    # In binary fractions 0.1·… sums to 69.99999999999999 without rounding.
    flat = Curve(((0, 70), (1, 70)))
    card = spec(*(group(f"g{i}", 0.1, measure(f"m{i}", 0.7, flat)) for i in range(7)))
    scored = score(card, {f"m{i}": 1.0 for i in range(7)})
    assert band(float(scored.score), card) == Band.HEALTHY


@given(specs(), known())
def test_scores_lie_in_0_to_100_and_contributions_sum_to_them(card, values):
    scored = score(card, numbers(values))
    total = float(scored.score)
    if np.isnan(total):
        return
    assert 0 <= total <= 100
    weights = effective_weights(card, scored)
    parts = (weights[key] * np.nan_to_num(scored.points[key]) for key in scored.points)
    assert sum(parts) == pytest.approx(total, abs=1e-8)
    assert sum(weights.values()) == pytest.approx(1)
    assert card.min_coverage - 1e-9 <= float(scored.coverage) <= 1


@given(specs(), known())
def test_leaving_a_measure_out_is_the_same_as_a_scorecard_without_it(card, values):
    card = replace(card, min_coverage=0)
    missing = next(card.measures())
    values[missing.key] = None
    groups = tuple(
        replace(item, measures=tuple(m for m in item.measures if m.key != missing.key))
        for item in card.groups
    )
    rest = replace(card, groups=tuple(item for item in groups if item.measures))
    if missing.empty == "count_as" or not rest.groups:
        return
    with_it, without = score(card, numbers(values)).score, score(rest, numbers(values)).score
    assert float(with_it) == pytest.approx(float(without), nan_ok=True)


@given(st.floats(-5, 15), st.floats(0, 10), known("xy"))
def test_more_of_what_is_good_never_lowers_the_score(users, more, values):
    rest = {"events": values["x"], "nps": values["y"]}
    low = score(PLAIN, numbers({"users": users, **rest})).score
    high = score(PLAIN, numbers({"users": users + more, **rest})).score
    assert not high < low - 1e-9


@given(specs())
def test_a_scorecard_survives_its_json(card):
    assert parse(to_dict(card)) == card


def test_everything_wrong_is_found_at_once_and_named_by_its_place():
    data = to_dict(PLAIN)
    data["groups"][0]["weight"] = 0
    data["groups"][0]["measures"][1]["curve"]["points"] = [[1, 0], [0, 0]]
    data["groups"][1]["measures"][0] |= {"key": "users", "empty": "count_as", "empty_points": 101}
    data["bands"] = {"danger_to": 70, "caution_to": 40}
    data["min_coverage"] = 40
    data["colour"] = "red"
    with pytest.raises(InvalidInputError) as caught:
        parse(data)
    assert set(caught.value.fields) == {
        "groups[0].weight",
        "groups[0].measures[1].curve",
        "groups[1].measures[0].key",
        "groups[1].measures[0].empty_points",
        "bands",
        "min_coverage",
        "scorecard.colour",
    }


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["groups", "key", "measures", "curve", "points", "weight", "bands", "x"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_json)
def test_any_json_is_read_or_refused_with_a_place(data):
    places: dict[str, str] = {}
    try:
        parse(data)
    except InvalidInputError as error:
        places = error.fields
    # Nothing that small is a whole scorecard.
    assert places
