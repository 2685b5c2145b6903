"""Group commit: many requests, one transaction, and an honest answer for each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import OperationalError

from banso.api.collect import committing
from banso.api.collect.committing import Committer
from banso.kit.errors import BansoError
from banso.usage.models import EventSource, InboxBatch, RefusedMessage
from banso.usage.rules.collect.bodies import unpack
from banso.usage.rules.collect.door import Refusal
from banso.usage.services import inbox
from banso.usage.services.inbox import Arrival, keep_arrivals

NOW = datetime(2026, 4, 15, 3, 0, tzinfo=UTC)


def arrival(body: bytes = b"{}", source: int = 1, refused: Sequence[Refusal] = ()) -> Arrival:
    return Arrival(source, "batch", NOW, body, False, 1, "", refused)


class Shelf:
    """Notes what is kept; waits at its gate, and fails when told to."""

    def __init__(self) -> None:
        self.groups: list[list[bytes]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.is_broken = False

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        self.gate.wait(10)
        if self.is_broken:
            raise OperationalError("disk I/O error")
        self.groups.append([one.body for one in arrivals])


def run(shelf: Shelf, work: Callable[[Committer], Coroutine[Any, Any, None]]) -> None:
    committer = Committer(shelf.keep)
    committer.start()
    try:
        asyncio.run(work(committer))
    finally:
        shelf.gate.set()
        committer.stop()


def test_what_waits_together_is_kept_together() -> None:
    shelf = Shelf()

    async def work(committer: Committer) -> None:
        await asyncio.gather(*[committer.kept(arrival(b"%d" % i)) for i in range(50)])

    run(shelf, work)
    assert sorted(body for group in shelf.groups for body in group) == sorted(
        b"%d" % i for i in range(50)
    )
    assert len(shelf.groups) < 10


def test_when_enough_wait_nobody_waits_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "GATHER_SECONDS", 60)
    monkeypatch.setattr(committing, "ENOUGH", 5)
    shelf = Shelf()

    async def work(committer: Committer) -> None:
        waiting = [committer.kept(arrival(b"%d" % i)) for i in range(5)]
        await asyncio.wait_for(asyncio.gather(*waiting), timeout=5)

    run(shelf, work)
    assert shelf.groups == [[b"0", b"1", b"2", b"3", b"4"]]


def test_what_comes_during_a_commit_is_kept_by_the_next() -> None:
    shelf = Shelf()
    shelf.gate.clear()

    async def work(committer: Committer) -> None:
        first = asyncio.ensure_future(committer.kept(arrival(b"first")))
        await asyncio.sleep(0.05)
        waiting = [asyncio.ensure_future(committer.kept(arrival(b"%d" % i))) for i in range(3)]
        await asyncio.sleep(0.05)
        assert not any(one.done() for one in waiting)
        shelf.gate.set()
        await asyncio.wait_for(asyncio.gather(first, *waiting), timeout=5)

    run(shelf, work)
    assert shelf.groups == [[b"first"], [b"0", b"1", b"2"]]


def test_nobody_is_answered_before_the_commit() -> None:
    shelf = Shelf()
    shelf.gate.clear()

    async def work(committer: Committer) -> None:
        waiting = asyncio.ensure_future(committer.kept(arrival()))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        shelf.gate.set()
        await waiting

    run(shelf, work)


def test_a_sender_that_leaves_strands_nobody() -> None:
    shelf = Shelf()
    shelf.gate.clear()

    async def work(committer: Committer) -> None:
        waiting = [asyncio.ensure_future(committer.kept(arrival(b"%d" % i))) for i in range(3)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        shelf.gate.set()
        await asyncio.wait_for(asyncio.gather(*waiting[1:]), timeout=5)

    run(shelf, work)


def test_a_commit_that_fails_is_told_to_each_and_the_next_one_works() -> None:
    shelf = Shelf()

    async def work(committer: Committer) -> None:
        shelf.is_broken = True
        told = await asyncio.gather(
            *[committer.kept(arrival()) for _ in range(3)], return_exceptions=True
        )
        assert [one.code for one in told if isinstance(one, BansoError)] == ["not-kept"] * 3
        shelf.is_broken = False
        await committer.kept(arrival(b"later"))

    run(shelf, work)
    assert shelf.groups == [[b"later"]]


@pytest.mark.parametrize("limit", ["MOST_WAITING", "MOST_WAITING_BYTES"])
def test_more_than_can_wait_is_turned_away(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, limit, 3 if limit == "MOST_WAITING" else 3_000)
    shelf = Shelf()
    shelf.gate.clear()

    async def work(committer: Committer) -> None:
        first = asyncio.ensure_future(committer.kept(arrival()))
        await asyncio.sleep(0.05)
        waiting = [asyncio.ensure_future(committer.kept(arrival())) for _ in range(5)]
        await asyncio.sleep(0)
        shelf.gate.set()
        told = await asyncio.gather(*waiting, return_exceptions=True)
        refused = [one.code for one in told if isinstance(one, BansoError)]
        assert refused
        assert set(refused) == {"busy"}
        assert None in told
        await first
        await committer.kept(arrival())

    run(shelf, work)


def test_stopping_keeps_what_waits() -> None:
    shelf = Shelf()
    committer = Committer(shelf.keep)

    async def work() -> None:
        waiting = [asyncio.ensure_future(committer.kept(arrival(b"%d" % i))) for i in range(4)]
        await asyncio.sleep(0)
        committer.start()
        await asyncio.to_thread(committer.stop)
        await asyncio.gather(*waiting)
        with pytest.raises(BansoError):
            await committer.kept(arrival())

    asyncio.run(work())
    assert sum(map(len, shelf.groups)) == 4


@pytest.fixture
def source(db: None) -> EventSource:
    return EventSource.objects.create(name="Shop", key="shop", created_at=NOW)


def test_a_group_is_kept_whole_or_not_at_all(
    source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Refusal(1, "no-event", "m", b"{}")
    good = [arrival(b"one", source.pk), arrival(b"two", source.pk, [refusal])]
    insert_rows = inbox.insert_rows

    def fail_at_refused(model: Any, *rest: Any) -> None:
        if model is RefusedMessage:
            raise OperationalError("database or disk is full")
        insert_rows(model, *rest)

    monkeypatch.setattr(inbox, "insert_rows", fail_at_refused)
    with pytest.raises(OperationalError):
        keep_arrivals(good)
    assert not InboxBatch.objects.exists()
    monkeypatch.undo()
    keep_arrivals(good)
    assert [bytes(one.body) for one in InboxBatch.objects.all()] == [b"one", b"two"]
    assert RefusedMessage.objects.get().code == "no-event"


def test_a_group_of_any_size_is_kept_in_order(source: EventSource) -> None:
    for size in (1, 3, inbox.MOST_ROWS * 2 + 7):
        bodies = [b"%d" % i for i in range(size)]
        keep_arrivals([arrival(body, source.pk) for body in bodies])
        assert [bytes(one.body) for one in InboxBatch.objects.all()] == bodies
        InboxBatch.objects.all().delete()


def test_a_long_body_is_kept_compressed(source: EventSource) -> None:
    body = b'{"batch": [%s]}' % (b"1, " * 5_000)
    keep_arrivals([arrival(body, source.pk)])
    kept = InboxBatch.objects.get()
    assert kept.is_gzip
    assert len(kept.body) < len(body) / 10
    assert unpack(bytes(kept.body)) == body


def test_a_lock_of_others_is_waited_for(
    source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert, failures = inbox._insert, ["database is locked"] * 3

    def insert_later(arrivals: Sequence[Arrival]) -> None:
        if failures:
            raise OperationalError(failures.pop())
        insert(arrivals)

    monkeypatch.setattr(inbox, "_insert", insert_later)
    keep_arrivals([arrival(source=source.pk)])
    assert InboxBatch.objects.count() == 1
    monkeypatch.setattr(inbox, "PATIENCE_SECONDS", 0.01)
    failures[:] = ["database is locked"] * 1_000
    with pytest.raises(OperationalError):
        keep_arrivals([arrival(source=source.pk)])


def test_a_connection_that_failed_is_made_anew_before_the_next_group() -> None:
    shelf, begun = Shelf(), []
    shelf.is_broken = True
    committer = Committer(shelf.keep, lambda: begun.append(len(begun)))
    committer.start()

    async def work() -> None:
        with pytest.raises(BansoError):
            await committer.kept(arrival())
        shelf.is_broken = False
        await committer.kept(arrival(b"later"))

    try:
        asyncio.run(work())
    finally:
        committer.stop()
    assert begun == [0, 1]
    assert shelf.groups == [[b"later"]]
