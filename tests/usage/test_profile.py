"""The usage that account pages show."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from banso.usage.types import FeatureUse, Profile, UserWeeks

FIRST = date(2026, 1, 1)
counts = st.lists(st.integers(0, 50), max_size=60)


def profile(features: dict[str, list[int]], events: list[int] | None = None) -> Profile:
    return Profile(
        first_day=FIRST,
        last_day=FIRST,
        events=events or [],
        users=[],
        features=features,
        first_week=date(2025, 12, 29),
        user_weeks=[UserWeeks("利用者1", FIRST, [3, 0, 4])],
        users_seen=1,
    )


@given(st.dictionaries(st.text(max_size=5), counts, max_size=3), counts)
def test_a_profile_comes_back_as_it_was_published(
    features: dict[str, list[int]], events: list[int]
) -> None:
    kept = profile(features, events)
    assert Profile.from_bytes(kept.to_bytes()) == kept


@given(counts, st.integers(-30, 90), st.integers(0, 60))
def test_any_span_of_days_can_be_cut_out(events: list[int], start: int, length: int) -> None:
    first = FIRST + timedelta(days=start)
    found = profile({}, events).on(events, first, first + timedelta(days=length))
    wanted = range(start, start + length + 1)
    assert found == [events[i] if 0 <= i < len(events) else 0 for i in wanted]


def test_the_feature_table_compares_four_weeks_with_the_four_before() -> None:
    as_of = FIRST + timedelta(days=55)
    features = {"old": [1] * 28, "both": [2] * 28 + [3] * 28, "new": [0] * 55 + [9]}
    assert profile(features).feature_table(as_of) == [
        FeatureUse("both", 84, 56, as_of),
        FeatureUse("new", 9, 0, as_of),
        FeatureUse("old", 0, 28, FIRST + timedelta(days=27)),
    ]
    both, new, _old = profile(features).feature_table(as_of)
    assert (both.change, new.change) == (0.5, None)


def test_what_happened_after_the_day_is_not_seen() -> None:
    (use,) = profile({"a": [1] * 40}).feature_table(FIRST + timedelta(days=9))
    assert (use.now, use.last_day) == (10, FIRST + timedelta(days=9))
