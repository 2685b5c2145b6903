"""A signal says since when its rule has held."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.health.rules.beginnings import Days, days_held
from banso.health.rules.conditions import parse
from banso.health.rules.signals import Inputs, evaluate

NAN = float("nan")


def held(conditions: list[dict[str, object]], **days: object) -> list[int]:
    filled = {"metrics": {}, "score": [[50.0] * 5], "band": [[1] * 5], **days}
    return days_held(parse({"all": conditions}), Days(**filled)).tolist()  # type: ignore[arg-type]


def test_a_silence_of_three_days_began_three_days_ago() -> None:
    rule = [{"metric": "days_since_activity", "op": "gte", "value": 14}]
    assert held(rule, metrics={"days_since_activity": [[0, 1, 14, 15, 16]]}) == [3]


def test_a_break_starts_the_count_anew_and_what_is_unknown_is_a_break() -> None:
    rule = [{"metric": "m", "op": "lte", "value": -30}]
    assert held(rule, metrics={"m": [[-50, -50, 0, -50, -50]]}) == [2]
    assert held(rule, metrics={"m": [[-50, -50, -50, NAN, -50]]}) == [1]
    assert held(rule, metrics={"m": [[-50] * 4 + [0]]}) == [0]
    assert held(rule, metrics={"m": [[-50] * 5]}) == [5]
    assert held(rule) == [0]


def test_a_fallen_band_holds_while_it_is_below_what_it_was_then() -> None:
    assert held([{"band_drop": 2}], band=[[2, 2, 2, 1, 1]]) == [2]
    assert held([{"band_drop": 2}], band=[[2, 2, 1, 1, 1]]) == [0]


def test_a_lasting_condition_begins_once_it_has_lasted() -> None:
    rule = [{"score": "lt", "value": 40, "for_days": 3}]
    assert held(rule, score=[[30.0, 30.0, 30.0, 30.0, 30.0]]) == [3]
    assert held(rule, score=[[50.0, 30.0, 30.0, 30.0, 30.0]]) == [2]
    assert held(rule, score=[[50.0, 50.0, 30.0, 50.0, 30.0]]) == [0]


CONDITION = st.one_of(
    st.fixed_dictionaries(
        {
            "metric": st.just("m"),
            "op": st.sampled_from(["lte", "gt", "eq"]),
            "value": st.integers(0, 3),
            "for_days": st.integers(1, 4),
        }
    ),
    st.fixed_dictionaries(
        {"score_change": st.integers(1, 4), "op": st.just("lte"), "value": st.integers(-20, 0)}
    ),
    st.fixed_dictionaries({"band_drop": st.integers(1, 4)}),
)
NUMBERS = st.lists(st.sampled_from([NAN, 0.0, 1.0, 2.0, 3.0]), min_size=10, max_size=10)
SCORES = st.lists(st.sampled_from([NAN, 20.0, 40.0, 60.0]), min_size=10, max_size=10)
BANDS = st.lists(st.integers(-1, 2), min_size=10, max_size=10)


@settings(max_examples=200, deadline=None)
@given(st.lists(CONDITION, min_size=1, max_size=3), NUMBERS, SCORES, BANDS)
def test_it_counts_the_days_on_which_the_rule_itself_says_it_holds(
    conditions: list[dict[str, object]], numbers: list[float], score: list[float], band: list[int]
) -> None:
    rule = parse({"all": conditions})
    count = days_held(rule, Days({"m": [numbers]}, [score], [band])).tolist()[0]

    def holds(day: int) -> bool:
        inputs = Inputs(
            metrics={"m": [numbers[day]]},
            score=[score[day]],
            band=[band[day]],
            score_before={ago: [score[day - ago]] for ago in range(1, day + 1)},
            band_before={ago: [band[day - ago]] for ago in range(1, day + 1)},
            recent={"m": np.array([numbers[: day + 1]])},
        )
        return bool(evaluate(rule, inputs).matched[0])

    expected = 0
    while expected < 10 and holds(9 - expected):
        expected += 1
    assert count == expected
