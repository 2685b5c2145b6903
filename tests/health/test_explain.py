"""Why a score is what it is, why it changed, what would lift it, and the sentence about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.engine.parsing import parse
from banso.health.rules.defaults.metrics import METRICS
from banso.health.rules.explain import Cause, Part, Side, explain_change, waterfall
from banso.health.rules.lift import lift_to_next_band
from banso.health.rules.opinions import opinion_metrics
from banso.health.rules.scorecard import band, score
from banso.health.rules.sentence import sentence
from tests.health.specs import FALLING, PLAIN, group, known, measure, spec, specs

NAMES = {"users": "active users", "events": "actions", "nps": "NPS"}
FINE = {"users": 10.0, "events": 10.0, "nps": 5.0}


def test_a_waterfall_worked_by_hand():
    steps = waterfall(PLAIN, {"users": 5, "events": 8, "nps": None})
    assert [(s.group, s.measure, s.value, s.points) for s in steps] == [
        ("use", "users", 5, 50), ("use", "events", 8, 80), ("voice", "nps", None, None),
    ]  # fmt: skip
    assert [s.weight for s in steps] == [0.25, 0.75, 0]
    assert [s.contribution for s in steps] == [12.5, 60, 0]
    assert [s.lost for s in steps] == pytest.approx([12.5, 15, 0])


def test_set_points_of_a_missing_value_are_marked():
    steps = waterfall(spec(group("use", 1, measure("a", 1, FALLING, 20))), {"a": None})
    assert steps[0].counted_as
    assert steps[0].points == 20


@given(specs(), known())
def test_contributions_and_losses_sum_to_100(card, values):
    steps = waterfall(card, values)
    total = score(card, {k: np.nan if v is None else v for k, v in values.items()}).score
    if not np.isnan(total):
        assert sum(s.contribution for s in steps) == pytest.approx(float(total), abs=1e-8)
        assert sum(s.contribution + s.lost for s in steps) == pytest.approx(100)


def test_a_change_of_data_names_the_measure():
    # Users 10 → 2 costs 80 points at weight 0.15.
    change = explain_change(Side(PLAIN, FINE), Side(PLAIN, {**FINE, "users": 2.0}))
    assert (change.before, change.after) == (80, 68)
    assert change.total == pytest.approx(-12)
    assert [(p.cause, p.key, p.before, p.after) for p in change.parts] == [
        (Cause.DATA, "users", 10, 2)
    ]
    assert sentence(change, "en", NAMES) == "−12: active users 10 → 2"
    assert sentence(change, "ja", {"users": "アクティブユーザー数"}) == (
        "−12：アクティブユーザー数 10 → 2"
    )


def test_a_change_is_split_into_data_weights_configuration_and_override():
    # Data: NPS 5 → 10 is +20. Weights: voice 40 → 140 of 200 shifts nothing while all are at 100.
    # So users fall to 0 first: −15; then voice at 100 rises from 40 % to 70 %: +7.5 of use at 75.
    # The falling curve for NPS takes 70. The override lifts 22.5 to 50.
    new = replace(
        PLAIN,
        groups=(PLAIN.groups[0], group("voice", 140, measure("nps", 1, FALLING))),
    )
    after = Side(new, {"users": 0.0, "events": 10.0, "nps": 10.0}, 50)
    change = explain_change(Side(PLAIN, FINE), after)
    assert change.before == 80
    assert change.after == 50
    assert [(part.cause, part.key, round(part.amount, 6)) for part in change.parts] == [
        (Cause.DATA, "users", -15),
        (Cause.DATA, "nps", 20),
        (Cause.WEIGHTS, None, 7.5),
        (Cause.CONFIGURATION, None, -70),
        (Cause.OVERRIDE, None, 27.5),
    ]
    assert change.amount(Cause.DATA) == pytest.approx(5)
    assert sentence(change, "en", NAMES) == (
        "−30: scorecard changed (−70), score set by hand (+28), NPS 5 → 10 (+20)"
    )
    assert sentence(change, "ja", NAMES) == (
        "−30：スコアカードの変更（−70）、手動スコアの設定（+28）、NPS 5 → 10（+20）"
    )


def test_while_an_override_holds_only_the_override_moves_the_score():
    before, after = Side(PLAIN, FINE, 60), Side(PLAIN, {**FINE, "nps": 0.0}, 60)
    assert explain_change(before, after).parts == ()
    raised = explain_change(before, replace(after, override=65))
    assert raised.parts == (Part(Cause.OVERRIDE, 5, None, 60, 65),)


def test_an_override_that_ends_gives_back_what_it_hid():
    change = explain_change(Side(PLAIN, FINE, 20), Side(PLAIN, FINE))
    assert change.total == 60
    assert sentence(change, "en", NAMES) == "+60: score set by hand ended"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, FINE, "Enough data now: the score is 80"),
        (FINE, {}, "No longer enough data for a score (it was 80)"),
        ({}, {}, "Not enough data for a score"),
        (FINE, FINE, "±0: no change"),
    ],
)
def test_scores_that_appear_and_vanish_are_said_as_such(before, after, expected):
    assert sentence(explain_change(Side(PLAIN, before), Side(PLAIN, after)), "en", NAMES) == (
        expected
    )


def test_the_sentence_shows_values_in_their_unit_and_missing_ones_as_none():
    change = explain_change(Side(PLAIN, FINE), Side(PLAIN, {**FINE, "nps": None}))
    assert sentence(change, "en", NAMES, lambda key, value: f"{value:.0f} pt") == (
        "+20: NPS 5 pt → none"
    )


def test_the_number_in_the_sentence_is_the_difference_of_the_numbers_shown():
    # 40.2 → 39.9 is shown as 40 → 39.
    card = spec(group("use", 1, measure("users")))
    change = explain_change(Side(card, {"users": 4.02}), Side(card, {"users": 3.99}))
    assert sentence(change, "en", NAMES) == "−1: active users 4 → 4"


_override = st.one_of(st.none(), st.floats(0, 100))


@given(specs(), known(), _override, specs(), known(), _override)
def test_the_parts_of_any_change_sum_to_it(card, values, held, card2, values2, held2):
    change = explain_change(Side(card, values, held), Side(card2, values2, held2))
    if change.total is None:
        assert change.before is None or change.after is None
    else:
        assert sum(part.amount for part in change.parts) == pytest.approx(change.total, abs=1e-6)
        assert sentence(change, "ja", NAMES)


def test_what_would_lift_to_the_next_band_alone():
    # 60·(2 of 10 users, 5 of 10 events: 0.25·20 + 0.75·50 = 42.5) + 40·50 = 45.5: caution.
    lift = lift_to_next_band(PLAIN, {"users": 2, "events": 5, "nps": 5})
    assert lift.target == 70
    assert lift.gap == pytest.approx(24.5)
    # Events give at most 0.45·50 = 22.5, users 0.15·80 = 12, NPS 0.4·50 = 20: none is enough.
    assert lift.alone == ()
    # The least effort: events to their best (50 points), NPS carries 2.0 ÷ 0.4 = 5 points more.
    assert [(r.measure, r.wanted) for r in lift.cheapest] == [
        ("events", 10), ("nps", pytest.approx(5.5)),
    ]  # fmt: skip


def test_a_single_measure_is_preferred_and_its_value_is_read_from_its_curve():
    card = spec(group("use", 1, measure("a"), measure("b", 1, FALLING)))
    lift = lift_to_next_band(card, {"a": 5, "b": 8})
    # 0.5·50 + 0.5·20 = 35: 40 needs 10 points more on one of them.
    assert [(r.measure, r.value, r.wanted, r.effort) for r in lift.alone] == [
        ("a", 5, pytest.approx(6), pytest.approx(10)),
        ("b", 8, pytest.approx(7), pytest.approx(10)),
    ]
    assert lift.cheapest == (lift.alone[0],)


def test_a_missing_value_that_would_help_is_offered():
    card = spec(group("use", 1, measure("a"), measure("b")), min_coverage=0.4)
    lift = lift_to_next_band(card, {"a": 3, "b": None})
    assert [(r.measure, r.value, r.wanted) for r in lift.alone] == [
        ("a", 3, pytest.approx(4)), ("b", None, pytest.approx(5)),
    ]  # fmt: skip


def test_at_the_top_or_without_a_score_nothing_is_offered():
    assert lift_to_next_band(PLAIN, {"users": 10, "events": 10, "nps": 10}) is None
    assert lift_to_next_band(PLAIN, {}) is None


@given(specs(), known())
def test_whatever_is_offered_does_lift_the_score(card, values):
    lift = lift_to_next_band(card, values)
    if lift is None:
        return
    for raises in (*((item,) for item in lift.alone), lift.cheapest or ()):
        if not raises:
            continue
        lifted = {**values, **{item.measure: item.wanted for item in raises}}
        found = score(card, {k: np.nan if v is None else v for k, v in lifted.items()}).score
        assert float(found) >= lift.target - 1e-6
        assert band(round(float(found), 6), card) in (lift.band, band(100, card))


def test_no_opinion_is_proposed_as_the_way_to_a_better_score():
    catalogue = {form.key: parse(form.definition) for form in METRICS}
    opinions = opinion_metrics(catalogue)
    assert {"nps_latest", "nps_average_180d", "nps_change_90d", "csm_sentiment"} == opinions
    values = {"users": 2, "events": 5, "nps": 5}
    for left_out in ("users", "events", "nps"):
        lift = lift_to_next_band(PLAIN, values, {left_out})
        named = {item.measure for item in (*lift.alone, *(lift.cheapest or ()))}
        assert left_out not in named
