"""Consecutive lines are one subscription, not churn and return every month."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from banso.contracts.rules.chains import Span, chain

START = date(2025, 1, 1)


def day(offset: int) -> date:
    return START + timedelta(days=offset)


spans = st.builds(
    lambda start, length: Span(day(start), None if length is None else day(start + length)),
    st.integers(0, 400),
    st.one_of(st.none(), st.integers(1, 120)),
)


def test_months_in_a_row_are_one_subscription() -> None:
    lines = [Span(day(60), day(91)), Span(day(0), day(31)), Span(day(31), day(59))]
    assert chain(lines, grace_days=1) == [[1, 2, 0]]


def test_a_gap_beyond_the_grace_days_begins_anew() -> None:
    lines = [Span(day(0), day(30)), Span(day(38), day(60))]
    assert chain(lines, grace_days=7) == [[0], [1]]
    assert chain(lines, grace_days=8) == [[0, 1]]


def test_lines_side_by_side_are_two_subscriptions_that_each_go_on() -> None:
    lines = [Span(day(0), day(30)), Span(day(10), day(40)), Span(day(30), None), Span(day(40))]
    assert chain(lines, grace_days=0) == [[0, 2], [1, 3]]


def test_nothing_follows_a_line_without_end() -> None:
    assert chain([Span(day(0)), Span(day(50), day(60))], grace_days=30) == [[0], [1]]


@given(st.lists(spans, max_size=25), st.integers(0, 30))
def test_every_line_is_in_one_chain_and_chains_hold_together(lines: list[Span], grace: int) -> None:
    chains = chain(lines, grace)
    assert sorted(i for one in chains for i in one) == list(range(len(lines)))
    for one in chains:
        for before, after in itertools.pairwise(one):
            end = lines[before].end_on
            assert end is not None
            assert timedelta(0) <= lines[after].start_on - end <= timedelta(days=grace)


@given(st.lists(spans, max_size=12, unique=True), st.integers(0, 30), st.randoms())
def test_the_order_in_which_lines_arrive_does_not_matter(
    lines: list[Span], grace: int, random: object
) -> None:
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    grouped = {frozenset(lines[i] for i in one) for one in chain(lines, grace)}
    assert {frozenset(mixed[i] for i in one) for one in chain(mixed, grace)} == grouped
