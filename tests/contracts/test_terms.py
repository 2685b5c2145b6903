"""Terms and months: what a renewal date rests on."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.contracts.rules.months import add_months, months_between
from banso.contracts.rules.terms import LineSpan, Term, terms

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
HORIZON = date(2027, 6, 30)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
    ],
)
def test_months_end_where_people_expect(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


@given(days, st.integers(1, 60))
def test_months_between_is_the_inverse_of_adding(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months)) == months


def test_a_monthly_line_from_the_31st_keeps_its_anchor() -> None:
    line = LineSpan(date(2026, 1, 31), end_on=date(2026, 4, 30), period_months=1)
    assert [term.from_day for term in terms(line, HORIZON)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
    ]


def test_an_early_end_cuts_the_term_but_not_what_was_agreed() -> None:
    line = LineSpan(date(2026, 1, 1), end_on=date(2026, 3, 10), period_months=12)
    assert list(terms(line, HORIZON)) == [
        Term(date(2026, 1, 1), date(2026, 3, 10), date(2027, 1, 1))
    ]


def test_an_agreed_term_repeats_when_the_line_goes_on() -> None:
    line = LineSpan(date(2024, 4, 1), term_end_on=date(2026, 4, 1), period_months=1)
    assert [term.ends_on for term in terms(line, HORIZON)] == [date(2026, 4, 1), date(2028, 4, 1)]


def test_a_term_of_odd_length_repeats_in_days() -> None:
    line = LineSpan(date(2026, 1, 1), term_end_on=date(2026, 1, 11), end_on=date(2026, 1, 25))
    assert [term.to_day.day for term in terms(line, HORIZON)] == [11, 21, 25]


def test_a_line_without_period_or_agreed_end_has_no_terms() -> None:
    assert list(terms(LineSpan(date(2026, 1, 1)), HORIZON)) == []


@given(
    days,
    st.integers(1, 900),
    st.one_of(st.none(), st.integers(1, 500)),
    st.one_of(st.none(), st.sampled_from([1, 3, 6, 12])),
)
def test_terms_cover_the_line_without_gap_or_overlap(
    start: date, length: int, agreed: int | None, period: int | None
) -> None:
    end = start + timedelta(days=length)
    term_end = None if agreed is None else start + timedelta(days=agreed)
    found = list(terms(LineSpan(start, end, term_end, period), date(2045, 1, 1)))
    if agreed is None and period is None:
        assert found == []
        return
    assert found[0].from_day == start
    assert found[-1].to_day == end
    assert all(one.to_day == two.from_day for one, two in itertools.pairwise(found))
    assert all(term.from_day < term.to_day <= term.ends_on for term in found)


@given(days, st.sampled_from([1, 6, 12]), st.integers(1, 700))
def test_what_is_known_of_a_term_does_not_depend_on_when_the_line_will_end(
    start: date, period: int, length: int
) -> None:
    end = start + timedelta(days=length)
    open_line = {t.from_day: t.ends_on for t in terms(LineSpan(start, None, None, period), end)}
    ended = {t.from_day: t.ends_on for t in terms(LineSpan(start, end, None, period), end)}
    assert all(open_line[day] == ends for day, ends in ended.items())
