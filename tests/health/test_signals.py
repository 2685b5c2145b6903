"""When signal rules hold, what becomes of signals, and what is at stake."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules.conditions import parse, to_dict
from banso.health.rules.signals import Inputs, evaluate, stake
from banso.health.rules.transition import Decision, SignalState, transition
from banso.health.types import SignalStatus
from banso.kit.errors import InvalidInputError

nan = np.nan
TODAY = date(2026, 4, 15)


def inputs(**given_arrays):
    """Inputs over three accounts, everything unknown unless given."""
    empty = {
        "metrics": {}, "score": [nan] * 3, "band": [-1] * 3,
        "score_before": {}, "band_before": {}, "recent": {},
    }  # fmt: skip
    return Inputs(**{**empty, **given_arrays})


def holds(condition, **given_arrays):
    """For which of the three accounts a single condition holds."""
    return evaluate(parse({"all": [condition]}), inputs(**given_arrays)).matched.tolist()


def test_a_metric_is_compared_and_an_unknown_value_fulfils_nothing():
    metrics = {"trend": [-30, -29, nan]}
    for op, expected in {
        "lte": [True, False, False], "lt": [False, False, False], "eq": [True, False, False],
        "gte": [True, True, False], "gt": [False, True, False],
    }.items():  # fmt: skip
        assert holds({"metric": "trend", "op": op, "value": -30}, metrics=metrics) == expected
    assert holds({"metric": "other", "op": "lte", "value": 0}) == [False] * 3


def test_a_condition_can_have_to_last():
    lasting = {"score": "gte", "value": 80, "for_days": 3}
    recent = {"score": np.array([[10, 80, 85, 90], [90, 90, 79, 90], [90, nan, 90, 90]])}
    assert holds(lasting, score=[90, 90, 90], recent=recent) == [True, False, False]
    assert holds(lasting, score=[90, 90, 90]) == [False] * 3
    short = {"score": np.full((3, 2), 90)}
    assert holds(lasting, score=[90, 90, 90], recent=short) == [False] * 3


def test_a_fall_of_the_score_and_of_the_band():
    fall = {"score_change": 28, "op": "lte", "value": -10}
    before = {28: [60.3, 60, nan]}
    assert holds(fall, score=[50.3, 51, 10], score_before=before) == [True, False, False]
    bands = {"band": [0, 1, 0], "band_before": {28: [1, 1, -1]}}
    assert holds({"band_drop": 28}, **bands) == [True, False, False]


def test_all_conditions_must_hold_and_the_evidence_says_what_was_seen():
    rule = parse(
        {
            "all": [
                {"metric": "trend", "op": "lte", "value": -30},
                {"score_change": 28, "op": "lte", "value": -10},
                {"band_drop": 28},
            ],
            "show": ["users", "unknown"],
        }
    )
    found = evaluate(
        rule,
        inputs(
            metrics={"trend": [-45, -45, 0], "users": [3, 4, 5]},
            score=[38, 50, 10],
            score_before={28: [52, 50, 90]},
            band=[0, 1, 0],
            band_before={28: [1, 1, 2]},
        ),
    )
    assert found.matched.tolist() == [True, False, False]
    assert found.evidence == {
        0: {
            "trend": [-45, None], "score": [38, 52], "band": [0, 1],
            "users": [3, None], "unknown": [None, None],
        }
    }  # fmt: skip


def test_a_rule_says_what_it_needs_and_survives_its_json():
    data = {
        "all": [
            {"metric": "a", "op": "gt", "value": 1, "for_days": 7},
            {"score": "lt", "value": 40, "for_days": 28},
            {"score_change": 7, "op": "lt", "value": 0},
            {"band_drop": 14},
        ],
        "show": ["b"],
    }
    rule = parse(data)
    assert to_dict(rule) == data
    assert rule.metrics() == {"a", "b"}
    assert rule.recent() == {"a": 7, "score": 28}
    assert rule.score_days() == {7}
    assert rule.band_days() == {14}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "conditions"),
        ({"all": []}, "all"),
        ({"all": [{}] * 9}, "all"),
        ({"all": [3]}, "all[0]"),
        ({"all": [{"colour": "red"}]}, "all[0]"),
        ({"all": [{"metric": "a", "score": "lt", "op": "lt", "value": 1}]}, "all[0]"),
        ({"all": [{"metric": "score", "op": "lt", "value": 1}]}, "all[0].metric"),
        ({"all": [{"metric": "a", "op": "<", "value": 1}]}, "all[0].op"),
        ({"all": [{"metric": "a", "op": "lt", "value": "1"}]}, "all[0].value"),
        ({"all": [{"metric": "a", "op": "lt"}]}, "all[0].value"),
        ({"all": [{"score": ["lt"], "value": 1}]}, "all[0].score"),
        ({"all": [{"score": "lt", "value": 1, "for_days": 0}]}, "all[0].for_days"),
        ({"all": [{"score_change": True, "op": "lt", "value": 1}]}, "all[0].score_change"),
        ({"all": [{"band_drop": 400}]}, "all[0].band_drop"),
        ({"all": [{"band_drop": 28}], "show": "users"}, "show"),
        ({"all": [{"band_drop": 28}], "any": []}, "any"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(data, place):
    with pytest.raises(InvalidInputError) as caught:
        parse(data)
    assert place in caught.value.fields


def state(status, **given_fields):
    """A signal that has held since ten days ago and was seen yesterday."""
    since, seen = TODAY - timedelta(days=10), TODAY - timedelta(days=1)
    return SignalState(SignalStatus(status), since, seen, **given_fields)


ASLEEP = {"snoozed_until": TODAY + timedelta(days=1)}
AWAKE = {"snoozed_until": TODAY}


@pytest.mark.parametrize(
    ("existing", "matched", "decision", "status"),
    [
        (None, True, Decision.OPEN, "open"),
        (None, False, Decision.NOTHING, None),
        (state("open"), True, Decision.UPDATE, "open"),
        (state("open"), False, Decision.CLEAR, "cleared"),
        (state("cleared", still_holds=False), True, Decision.OPEN, "open"),
        (state("cleared", still_holds=False), False, Decision.NOTHING, "cleared"),
        (state("snoozed", **ASLEEP), True, Decision.STAY_SNOOZED, "snoozed"),
        (state("snoozed", **ASLEEP), False, Decision.STAY_SNOOZED, "snoozed"),
        (state("snoozed", **AWAKE), True, Decision.REFIRE, "open"),
        (state("snoozed", **AWAKE), False, Decision.CLEAR, "cleared"),
        (state("resolved"), True, Decision.STAY_RESOLVED, "resolved"),
        (state("resolved"), False, Decision.REARM, "resolved"),
        (state("resolved", still_holds=False), True, Decision.OPEN, "open"),
        (state("resolved", still_holds=False), False, Decision.NOTHING, "resolved"),
    ],
)
def test_the_life_of_a_signal(existing, matched, decision, status):
    after = transition(existing, matched, TODAY)
    assert after.decision == decision
    assert (after.state.status if after.state else None) == status


def test_a_signal_that_lasts_keeps_its_first_day_and_one_that_returns_gets_a_new_one():
    lasting = transition(state("open"), True, TODAY).state
    assert (lasting.since, lasting.last_seen_on) == (TODAY - timedelta(days=10), TODAY)
    returned = transition(state("resolved", still_holds=False), True, TODAY).state
    assert (returned.since, returned.last_seen_on) == (TODAY, TODAY)


def test_a_resolved_signal_keeps_quiet_until_its_rule_has_let_go_once():
    signal, opened = state("resolved"), []
    for offset, matched in enumerate([True, True, False, False, True]):
        step = transition(signal, matched, TODAY + timedelta(days=offset))
        opened.append(step.decision == Decision.OPEN)
        signal = step.state
    assert opened == [False, False, False, False, True]


def test_a_snoozed_rule_that_flickers_stays_quiet_until_the_date():
    signal = state("snoozed", snoozed_until=TODAY + timedelta(days=3))
    decisions = []
    for offset, matched in enumerate([True, False, True, True]):
        step = transition(signal, matched, TODAY + timedelta(days=offset))
        decisions.append(step.decision)
        signal = step.state
    assert decisions == [Decision.STAY_SNOOZED] * 3 + [Decision.REFIRE]


_states = st.one_of(
    st.none(),
    st.builds(
        SignalState,
        st.sampled_from(list(SignalStatus)),
        st.dates(date(2026, 1, 1), TODAY),
        st.dates(date(2026, 1, 1), TODAY),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
        st.booleans(),
    ),
)


@given(_states, st.booleans())
def test_deciding_twice_on_one_day_changes_nothing_more(existing, matched):
    once = transition(existing, matched, TODAY).state
    again = transition(once, matched, TODAY)
    assert again.state == once
    assert again.decision not in (Decision.OPEN, Decision.CLEAR, Decision.REFIRE, Decision.REARM)


def test_the_stake_worked_by_hand():
    # Half way from 30 to 365 days the cosine is at its middle: 0.625.
    found = stake([1000] * 7, [40, 40, 40, 40, nan, 100, 40], [30, -5, 197.5, 365, 30, 30, nan])
    assert found == pytest.approx([600, 600, 375, 150, 500, 0, 300])
    assert stake([-5, nan], [0, 0], [10, 10]).tolist() == [0, 0]


@given(st.floats(0, 1e9), st.floats(0, 100), st.integers(-100, 800), st.integers(0, 400))
def test_a_later_renewal_never_raises_the_stake(arr, score, days, later):
    assert float(stake(arr, score, days + later)) <= float(stake(arr, score, days)) + 1e-6
