"""What was refused is kept, tried again, or thrown away."""

from __future__ import annotations

import json

import pytest

from banso.kit import clock
from banso.usage.models import EventSource, InboxBatch, RefusedMessage
from banso.usage.selectors.quarantine import count_refused, refused_by_code, set_aside, shown_body
from banso.usage.services.intake import SeenKeys, drain_inbox
from banso.usage.services.quarantine import (
    discard_all,
    discard_message,
    discard_request,
    replay_all,
    replay_message,
    retry_request,
)
from banso.workspace.types import SYSTEM
from tests.usage.collected import RECEIVED, arrive, make_source, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def source() -> EventSource:
    return make_source()


def refuse(source: EventSource, body: object, *, code: str, route: str = "batch") -> RefusedMessage:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return RefusedMessage.objects.create(
        source=source, received_at=RECEIVED, sent_at="2026-04-15T02:59:00Z", position=3,
        route=route, code=code, body=text,
    )  # fmt: skip


@pytest.mark.parametrize("route", ["batch", "track"])
def test_a_message_that_is_fine_today_is_taken_once(source: EventSource, route: str) -> None:
    message = refuse(source, track(key="m1", userId="u1"), code="no-event", route=route)
    assert replay_message(actor=SYSTEM, message=message)
    assert replay_message(actor=SYSTEM, message=message)
    (batch,) = InboxBatch.objects.all()
    assert (batch.received_at, batch.messages, batch.route) == (RECEIVED, 1, route)
    assert count_refused() == 0
    assert drain_inbox(SeenKeys()).held == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "track", "userId": "u1"}, "no-event"),
        (b'{"type":"track","userId":"u1","event":"a","properties":{"n":NaN}}', "not-finite"),
        (b'"text"', "not-an-object"),
    ],
)
def test_a_message_that_is_still_wrong_stays_with_its_reason(
    source: EventSource, body: object, code: str
) -> None:
    message = refuse(source, body, code="nobody")
    assert not replay_message(actor=SYSTEM, message=message)
    assert refused_by_code() == [(code, 1)]
    assert not InboxBatch.objects.exists()


def test_all_of_a_reason_are_tried_or_thrown_away(source: EventSource) -> None:
    for number in range(3):
        refuse(source, track(key=f"m{number}", userId="u1"), code="no-event")
    refuse(source, {"type": "track", "userId": "u1"}, code="no-event")
    refuse(source, {"type": "huh"}, code="unknown-type")
    assert replay_all(actor=SYSTEM, code="no-event") == (3, 1)
    assert InboxBatch.objects.count() == 3
    assert discard_all(actor=SYSTEM, code="no-event") == 1
    discard_message(actor=SYSTEM, message=RefusedMessage.objects.get(code="unknown-type"))
    assert count_refused() == 0


def test_a_request_that_was_set_aside_gets_a_new_chance(source: EventSource) -> None:
    batch = arrive(source, track(key="m1", userId="u1"))
    InboxBatch.objects.update(set_aside_at=clock.now(), attempts=5, problem="ValueError: no")
    assert drain_inbox(SeenKeys()).messages == 0
    retry_request(actor=SYSTEM, batch=set_aside()[0])
    assert set_aside() == []
    assert drain_inbox(SeenKeys()).messages == 1
    assert not InboxBatch.objects.filter(pk=batch.pk).exists()


def test_a_request_that_was_set_aside_can_be_thrown_away(source: EventSource) -> None:
    arrive(source, track(key="m1", userId="u1"))
    InboxBatch.objects.update(set_aside_at=clock.now())
    discard_request(actor=SYSTEM, batch=set_aside()[0])
    assert not InboxBatch.objects.exists()


def test_a_message_is_shown_so_that_it_can_be_read(source: EventSource) -> None:
    message = refuse(source, b'{"event": "\xe3\x81\x82", "n": NaN}', code="not-finite")
    assert "あ" in shown_body(message)
    assert shown_body(refuse(source, b"\x1b[2J\x00", code="x")) == "\ufffd[2J\ufffd"
    assert len(shown_body(refuse(source, "a" * 9_000, code="x"))) <= 4_001
