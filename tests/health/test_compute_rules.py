"""The small decisions under the computing: who is judged when, by what, and how it is kept."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from banso.health.rules.assignment import Card, Edition, card_for, edition_on
from banso.health.rules.customers import customer_days, has_left, is_customer
from banso.health.rules.months import (
    Cells,
    MonthScores,
    days_in,
    floored,
    months_between,
    narrow,
    pack,
    unpack,
    unpack_scores,
)

START = date(2026, 1, 1)
offsets = st.integers(-40, 60)
spans = st.lists(
    st.tuples(offsets, st.one_of(st.none(), st.integers(1, 50))).map(
        lambda pair: (
            START + timedelta(days=pair[0]),
            None if pair[1] is None else START + timedelta(days=pair[0] + pair[1]),
        )
    ),
    max_size=5,
)
cells = st.one_of(st.just(np.nan), st.floats(-1e6, 1e6, width=32))


def month_of(days: int, measures: int) -> st.SearchStrategy[MonthScores]:
    return st.builds(
        MonthScores,
        arrays(np.float64, days, elements=st.one_of(st.just(np.nan), st.floats(0, 100))),
        arrays(np.float64, days, elements=st.one_of(st.just(np.nan), st.floats(0, 1, width=32))),
        arrays(np.float64, (measures, days), elements=cells),
        arrays(np.float64, (measures, days), elements=cells),
    )


def cells_of(month: MonthScores) -> Cells:
    return narrow(np.vstack([month.score, month.coverage, month.values, month.points]))


@given(month_of(31, 3))
def test_a_month_comes_back_as_it_was_kept(month: MonthScores) -> None:
    found = unpack(pack(cells_of(month)), 31)
    np.testing.assert_allclose(found.score, month.score, atol=1e-4)
    np.testing.assert_array_equal(found.coverage, month.coverage)
    np.testing.assert_array_equal(found.values, month.values)
    np.testing.assert_array_equal(found.points, month.points)
    head = unpack_scores(pack(cells_of(month)), 31)
    np.testing.assert_array_equal(head[0], found.score)
    np.testing.assert_array_equal(head[1], found.coverage)


@given(arrays(np.float64, 20, elements=st.floats(0, 100)))
def test_keeping_a_score_never_lifts_it_into_the_next_band(scores: np.ndarray) -> None:
    kept = floored(scores).astype(np.float64)
    assert (kept <= scores).all()
    assert ((kept >= 70) == (scores >= 70)).all()
    assert ((kept >= 40) == (scores >= 40)).all()


def test_months_run_over_the_turn_of_the_year() -> None:
    found = list(months_between(date(2025, 11, 30), date(2026, 2, 1)))
    assert found == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert [days_in(month) for month in found] == [30, 31, 31, 28]


def test_a_customer_is_one_while_a_line_holds() -> None:
    lines = [(date(2026, 1, 3), date(2026, 1, 5)), (date(2026, 1, 7), None)]
    mask = customer_days(lines, None, START, 8)
    assert mask.tolist() == [False, False, True, True, False, False, True, True]


def test_use_before_the_first_line_counts_but_not_between_lines() -> None:
    lines = [(date(2026, 1, 4), date(2026, 1, 6))]
    mask = customer_days(lines, date(2026, 1, 2), START, 8)
    assert mask.tolist() == [False, True, True, True, True, False, False, False]
    assert customer_days([], date(2026, 1, 7), START, 8).sum() == 2
    assert not customer_days([], None, START, 8).any()


@given(spans, st.one_of(st.none(), offsets), st.integers(1, 60))
def test_one_day_and_many_days_agree(
    lines: list[tuple[date, date | None]], first_use: int | None, days: int
) -> None:
    used = None if first_use is None else START + timedelta(days=first_use)
    mask = customer_days(lines, used, START, days)
    each = [is_customer(lines, used, START + timedelta(days=i)) for i in range(days)]
    assert mask.tolist() == each


@given(spans, spans, st.one_of(st.none(), offsets), st.integers(0, 40))
def test_lines_that_begin_later_change_no_earlier_day(
    lines: list[tuple[date, date | None]],
    more: list[tuple[date, date | None]],
    first_use: int | None,
    split: int,
) -> None:
    today = START + timedelta(days=split)
    used = None if first_use is None else START + timedelta(days=first_use)
    later = [(max(begin, today + timedelta(days=1)), None) for begin, _end in more]
    before = customer_days(lines, used, START, split + 1)
    assert (customer_days([*lines, *later], used, START, split + 1) == before).all()


def test_an_account_has_left_only_when_nothing_is_still_to_begin() -> None:
    ended = (START, date(2026, 2, 1))
    assert has_left([ended], date(2026, 2, 1))
    assert not has_left([ended], date(2026, 1, 31))
    assert not has_left([ended, (date(2026, 6, 1), None)], date(2026, 2, 1))
    assert not has_left([], date(2026, 2, 1))


ENTERPRISE = Card(1, frozenset({"Enterprise"}), frozenset(), is_default=False)
STARTING = Card(2, frozenset(), frozenset({"onboarding"}), is_default=False)
REST = Card(3, frozenset(), frozenset(), is_default=True)


@pytest.mark.parametrize(
    ("segment", "lifecycle", "expected"),
    [
        ("Enterprise", "onboarding", 1),
        ("SMB", "onboarding", 2),
        ("SMB", "adoption", 3),
        ("", "", 3),
    ],
)
def test_the_first_scorecard_that_fits_judges(segment: str, lifecycle: str, expected: int) -> None:
    assert card_for([REST, ENTERPRISE, STARTING], segment, lifecycle) == expected


def test_without_a_default_an_account_may_have_no_scorecard() -> None:
    assert card_for([ENTERPRISE], "SMB", "") is None


def test_days_keep_the_version_that_was_in_force() -> None:
    editions = [
        Edition(11, 2, date(2026, 3, 1)),
        Edition(10, 1, date(2026, 1, 10)),
        Edition(12, 3, date(2026, 3, 1)),
    ]
    assert edition_on(editions, date(2025, 6, 1)).id == 10
    assert edition_on(editions, date(2026, 2, 28)).id == 10
    assert edition_on(editions, date(2026, 3, 1)).id == 12
