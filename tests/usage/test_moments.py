"""When a message happened, by our clock and in the company's days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.usage.rules.intake.moments import DAY, NONE, SECOND, corrected, days, moment, moments
from banso.usage.rules.intake.requests import moment_of, time_of

NOON = moment_of(datetime(2026, 4, 15, 12, tzinfo=UTC))
times = st.datetimes(
    datetime(1970, 1, 2),
    datetime(2100, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-5))]),
)
written = st.one_of(
    times.map(datetime.isoformat),
    times.map(lambda at: at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"),
    times.map(lambda at: at.replace(tzinfo=None).isoformat(" ")),
    st.text("0123456789-:TZ+. ", max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(),
    st.none(),
    st.booleans(),
)


@given(st.lists(written, max_size=8))
def test_a_column_is_read_like_each_of_its_values(values: list[object]) -> None:
    assert moments(values).tolist() == [moment(value) for value in values]


@pytest.mark.parametrize(
    "value",
    [
        "2026-04-15T12:00:00Z",
        "2026-04-15T21:00:00+09:00",
        "2026-04-15T12:00:00.000000Z",
        "2026-04-15 12:00:00",
        "2026-04-15T12:00:00",
        "1776254400",
        "1776254400000",
        1776254400,
        1776254400.0,
        1776254400000,
        1776254400000000,
    ],
)
def test_old_senders_write_times_in_many_ways(value: object) -> None:
    assert moment(value) == NOON
    assert moments([value]).tolist() == [NOON]


@pytest.mark.parametrize("value", ["soon", "", None, True, [], {}, float("nan"), "1969-12-31"])
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) == NONE


@given(
    st.integers(0, 5 * 10**15), st.integers(-(10**9), 10**9), st.integers(0, 10**7), st.booleans()
)
def test_a_wrong_clock_does_not_matter(true: int, skew: int, delay: int, is_timed: bool) -> None:
    """Whatever the sender's clock shows, the time between the event and its sending is right."""
    true += 10**15
    sent = true + delay
    received = np.array([sent])
    told = np.array([sent + skew * 1000 if is_timed else NONE])
    original = np.array([true + (skew * 1000 if is_timed else 0)])
    happened, clamped = corrected(original, told, received)
    assert (happened.tolist(), clamped) == ([true], 0)


def test_a_time_more_than_a_day_ahead_is_that_of_the_receipt() -> None:
    original = np.array([NOON + DAY, NOON + DAY + 1, NONE, NOON - 400 * DAY])
    happened, clamped = corrected(original, np.full(4, NONE), np.full(4, NOON))
    assert happened.tolist() == [NOON + DAY, NOON, NOON, NOON - 400 * DAY]
    assert clamped == 1


@given(st.lists(times, max_size=10), st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "UTC"]))
def test_days_are_those_of_the_zone(at: list[datetime], name: str) -> None:
    zone = ZoneInfo(name)
    found = days(np.array([moment_of(one) for one in at], dtype=np.int64), zone)
    first = datetime(1970, 1, 1).date()
    assert [first + timedelta(int(day)) for day in found] == [
        one.astimezone(zone).date() for one in at
    ]


@given(times)
def test_a_moment_is_the_time_again(at: datetime) -> None:
    assert time_of(moment_of(at)) == at
    assert moment_of(at) % SECOND == at.microsecond
