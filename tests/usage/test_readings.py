"""What operators read of the event intake."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from banso.usage.models import EventSource, InboxBatch, RefusedMessage, UsageBatch
from banso.usage.services import readings

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(stopped_clock: datetime) -> EventSource:
    return EventSource.objects.create(name="Web", key="web", created_at=stopped_clock)


def arrived(source: EventSource, at: datetime, messages: int, *, failed: bool = False) -> None:
    InboxBatch.objects.create(
        source=source,
        route="batch",
        received_at=at,
        body=b"{}",
        messages=messages,
        set_aside_at=at if failed else None,
    )


def test_an_empty_inbox_has_no_lag(stopped_clock: datetime) -> None:
    assert readings.inbox_messages() == {("waiting",): 0, ("set_aside",): 0}
    assert readings.inbox_lag() == {(): 0}


def test_what_waits_counts_apart_from_what_was_set_aside(
    source: EventSource, stopped_clock: datetime
) -> None:
    for seconds, messages, failed in ((2, 3, False), (7, 10, False), (900, 5, True)):
        arrived(source, stopped_clock - timedelta(seconds=seconds), messages, failed=failed)
    assert readings.inbox_messages() == {("waiting",): 13, ("set_aside",): 5}
    assert readings.inbox_lag() == {(): 7}


def test_quarantine_is_counted_by_reason(source: EventSource, stopped_clock: datetime) -> None:
    for code, replayed in (
        ("nan", None),
        ("nan", None),
        ("too-deep", None),
        ("nan", stopped_clock),
    ):
        RefusedMessage.objects.create(
            source=source,
            received_at=stopped_clock,
            position=0,
            route="batch",
            code=code,
            body=b"{}",
            replayed_at=replayed,
        )
    assert readings.quarantined() == {("nan",): 2, ("too-deep",): 1}


def test_batches_wait_until_the_warehouse_has_them(stopped_clock: datetime) -> None:
    for projected, reverted, problem in (
        (None, None, ""),
        (stopped_clock, None, ""),
        (None, stopped_clock, ""),
        (None, None, "unreadable"),
    ):
        UsageBatch.objects.create(
            source="web",
            kind=UsageBatch.LIVE,
            rows=1,
            payload=b"",
            projected_at=projected,
            reverted_at=reverted,
            problem=problem,
            created_at=stopped_clock - timedelta(seconds=30),
        )
    assert readings.unprojected() == {(): 1}
    assert readings.warehouse_lag() == {(): 30}
