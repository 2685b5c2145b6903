"""A request that cannot be taken waits alone; the others go on without it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from banso.accounts.models import Account, AccountKey
from banso.kit import clock
from banso.usage.models import EventSource, HeldMessages, InboxBatch, UnmatchedParty
from banso.usage.services.intake import SeenKeys, drain_inbox, taking
from tests.usage.collected import RECEIVED, arrive, group, make_source, rows, track

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source() -> EventSource:
    source = make_source()
    account = Account.objects.create(name="One", created_at=RECEIVED, updated_at=RECEIVED)
    AccountKey.objects.create(account=account, source="web", external_id="A1")
    return source


def in_a1(key: str) -> dict[str, Any]:
    return track(key=key, userId="u1", context={"groupId": "A1"})


def damaged(source: EventSource) -> InboxBatch:
    row = arrive(source, in_a1("x"))
    InboxBatch.objects.filter(pk=row.pk).update(is_gzip=True)
    return row


@pytest.mark.slow
def test_of_ten_thousand_requests_a_hundred_are_poison(source: EventSource) -> None:
    good = [arrive(source, in_a1(f"m{number}")).pk for number in range(9_900)]
    template = InboxBatch.objects.get(pk=good[0])
    for number in range(100):
        template.pk = good[-1] + 1 + number
        template.is_gzip = True
        template.save(force_insert=True)
    seen, worst, now = SeenKeys(), 0.0, RECEIVED
    with clock.at(now):
        # The first drain of a process loads libraries.
        drain_inbox(seen, most_messages=1)
        while InboxBatch.objects.filter(pk__in=good).exists():
            began = time.process_time()
            drain_inbox(seen)
            worst = max(worst, time.process_time() - began)
    assert len(rows()) == 9_900
    tries = 1
    while InboxBatch.objects.filter(set_aside_at=None).exists():
        now += timedelta(minutes=3)
        with clock.at(now):
            drain_inbox(seen)
        tries += 1
    assert tries == 5
    assert set(InboxBatch.objects.values_list("attempts", flat=True)) == {5}
    # Seconds of work, since the machine may be busy with other tests.
    assert worst < 1.0


def test_a_damaged_request_is_put_off_and_then_set_aside(source: EventSource) -> None:
    row, seen, now = damaged(source), SeenKeys(), RECEIVED
    for attempt in range(1, 6):
        arrive(source, in_a1(f"m{attempt}"))
        with clock.at(now):
            drained = drain_inbox(seen)
            assert drained.rows == 1
            assert drain_inbox(seen).messages == 0
        row.refresh_from_db()
        assert row.attempts == attempt
        now += timedelta(minutes=3)
    assert drained.set_aside == 1
    assert row.problem
    assert row.set_aside_at is not None


def test_what_fails_while_it_is_written_does_not_hold_up_the_others(
    source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> Any:
        if "poison" in args[1].key:
            raise ValueError("cannot be kept")
        return real(*args)

    real = taking.rows_of
    monkeypatch.setattr(taking, "rows_of", refuse)
    keys = [f"m{number}" for number in range(20)]
    for key in (*keys[:7], "poison", *keys[7:]):
        arrive(source, in_a1(key))
    seen = SeenKeys()
    drained = drain_inbox(seen)
    assert [row["message_key"] for row in rows()] == keys
    assert drained.rows == len(seen) == 20
    row = InboxBatch.objects.get()
    assert (row.attempts, row.problem) == (1, "ValueError: cannot be kept")


def test_held_messages_that_fail_do_not_stop_the_drain(
    source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(source, track(key="t1", userId="u2", context={"groupId": "A2"}))
    seen = SeenKeys()
    drain_inbox(seen)
    HeldMessages.objects.update(payload=b"damaged")
    arrive(source, group("g", "A2", userId="u2", traits={"name": "Two"}), in_a1("t2"))
    while drain_inbox(seen).more:
        pass
    assert [row["message_key"] for row in rows()] == ["t2"]
    assert UnmatchedParty.objects.get().due_to is None
