"""Notes to open pages: who hears what, and that nothing is missed or told to strangers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from banso.accounts.models import Account
from banso.kit import clock
from banso.kit.errors import ForbiddenError
from banso.web.live import hub as hub_module
from banso.web.live import stream
from banso.web.live.hub import Bulletins, Gaps, Hub, Listener
from banso.web.live.reading import NotSignedInError, Subscription, reader_of_cookies, subscribe
from banso.web.live.stream import LiveStreams
from banso.workspace.selectors import company
from banso.workspace.services import bulletins
from tests.api.client import ask

NOW = clock.now()


def test_numbers_that_commit_late_are_told_once() -> None:
    gaps = Gaps(10)
    assert gaps.after == 10
    late, first, next_one = (12, "accounts", [2]), (11, "accounts", [1]), (13, "accounts", [3])
    assert gaps.fresh([first, next_one], 0.0) == [first, next_one]
    assert gaps.after == 11
    assert gaps.fresh([late, next_one], 1.0) == [late]
    assert gaps.after == 13
    assert gaps.fresh([], 2.0) == []


def test_a_number_that_never_comes_is_given_up() -> None:
    gaps = Gaps(0)
    gaps.fresh([(5, "accounts", [1])], 0.0)
    assert gaps.after == 0
    gaps.fresh([], hub_module.GAP_SECONDS + 1)
    assert gaps.after == 5


def test_a_listener_hears_of_what_it_shows() -> None:
    listener = Listener({1: "one", 2: "two"}, wants_arrivals=False)
    listener.tell([(1, "accounts", [3]), (2, "arrivals", [1])])
    assert not listener.wake.is_set()
    listener.tell([(3, "accounts", [2, 3])])
    assert listener.changed == {"two"}
    listener.tell([(4, "accounts", [])])
    assert listener.changed == {"one", "two"}


class Board:
    """Bulletins in memory."""

    def __init__(self) -> None:
        self.rows: Bulletins = []
        self.looks = 0
        self.watched: list[set[int]] = []
        self.is_signed_in = True

    def post(self, *ids: int, topic: str = "accounts") -> None:
        self.rows.append((len(self.rows) + 1, topic, list(ids)))

    async def latest(self) -> int:
        return len(self.rows)

    async def after(self, number: int) -> Bulletins:
        self.looks += 1
        return [row for row in self.rows if row[0] > number]

    async def watch(self, ids: Iterable[int]) -> None:
        self.watched.append(set(ids))

    async def subscribe(self, cookies: str, uids: Any, topics: Any) -> Subscription:
        return Subscription({1: "one"}, "arrivals" in topics, [(0, "accounts", [1])])

    async def still(self, cookies: str) -> None:
        if not self.is_signed_in:
            raise NotSignedInError("Nobody is signed in.")

    @property
    def hub(self) -> Hub:
        return Hub(self.latest, self.after, self.watch)


async def _listen(streams: LiveStreams, sent: list[str], gone: asyncio.Event) -> None:
    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message.get("body", b"").decode() or message["type"])

    query = b"accounts=one&topics=arrivals"
    scope = {"method": "GET", "headers": [], "query_string": query, "path": "/live/"}
    await streams(scope, receive, send)


def test_a_stream_from_its_beginning_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.01)
    board, sent, gone = Board(), [], asyncio.Event()
    hub = board.hub

    async def work() -> None:
        streams = LiveStreams(hub, board.subscribe, board.still)
        listening = asyncio.ensure_future(_listen(streams, sent, gone))
        await asyncio.sleep(0.1)
        board.post(1, 7)
        await asyncio.sleep(0.1)
        board.post(1, topic="arrivals")
        await asyncio.sleep(0.1)
        assert len(hub) == 1
        gone.set()
        await listening
        assert len(hub) == 0
        looks = board.looks
        await asyncio.sleep(0.1)
        assert board.looks <= looks + 1

    asyncio.run(work())
    note = 'event: accounts\ndata: {"uids": ["one"]}\n\n'
    begin = ["http.response.start", ": listening\n\n"]
    assert sent == [*begin, note, note, "event: arrivals\ndata: {}\n\n"]
    assert board.watched[0] == {1}


def test_a_stream_ends_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.05)
    board, sent, gone = Board(), [], asyncio.Event()

    async def work() -> None:
        streams = LiveStreams(board.hub, board.subscribe, board.still)
        listening = asyncio.ensure_future(_listen(streams, sent, gone))
        await asyncio.sleep(0.2)
        assert ": beat\n\n" in sent
        board.is_signed_in = False
        await asyncio.wait_for(listening, timeout=5)

    asyncio.run(work())
    assert sent[-1] == "http.response.body"


def test_a_look_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(hub_module, "PAUSE_SECONDS", 0.01)
    board = Board()
    listener = Listener({1: "one"}, wants_arrivals=False)

    async def broken(number: int) -> Bulletins:
        if board.looks < 3:
            board.looks += 1
            raise OSError("the database is away")
        return await Board.after(board, number)

    async def work() -> None:
        hub = Hub(board.latest, broken, board.watch)
        hub.join(listener)
        await asyncio.sleep(0.2)
        board.post(1)
        await asyncio.wait_for(listener.wake.wait(), timeout=5)
        hub.leave(listener)

    asyncio.run(work())


def test_other_requests_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()

    async def nobody(*asked: Any) -> Subscription:
        raise NotSignedInError("Nobody is signed in.")

    async def forbidden(*asked: Any) -> Subscription:
        raise ForbiddenError("Not for you.")

    async def status(subscribe: Any, path: str, method: str = "GET") -> int:
        streams = LiveStreams(board.hub, subscribe, board.still)
        return (await ask(streams, path, method=method)).status

    async def work() -> None:
        assert await status(board.subscribe, "/live/?accounts=x", "POST") == 405
        assert await status(board.subscribe, "/live/") == 400
        assert await status(board.subscribe, "/live/?topics=secrets") == 400
        assert await status(nobody, "/live/?accounts=x") == 401
        assert await status(forbidden, "/live/?topics=arrivals") == 403
        monkeypatch.setattr(stream, "MOST_STREAMS", 0)
        assert await status(board.subscribe, "/live/?accounts=x") == 503

    asyncio.run(work())


def _account(name: str, **more: Any) -> Account:
    return Account.objects.create(name=name, created_at=NOW, updated_at=NOW, **more)


def _cookies(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_a_reader_hears_of_accounts_that_he_may_see(people: dict[str, Any]) -> None:
    mine, other = _account("Mine", cs_owner=people["csm"]), _account("Other")
    asked = [str(mine.uid), str(other.uid), str(uuid4()), "no-uid"]
    leader = subscribe(_cookies(people["leader"]), asked, ["arrivals"])
    assert leader.accounts == {mine.pk: str(mine.uid), other.pk: str(other.uid)}
    assert leader.wants_arrivals
    restricted = company()
    restricted.restrict_to_own_book = True
    restricted.save()
    csm = subscribe(_cookies(people["csm"]), asked, ["arrivals"])
    assert csm.accounts == {mine.pk: str(mine.uid)}
    assert not csm.wants_arrivals
    with pytest.raises(ForbiddenError):
        subscribe(_cookies(people["csm"]), [], ["arrivals"])


@pytest.mark.parametrize("cookies", ["", "sessionid=made-up", "sessionid=", "\x00;;=;", "a=b"])
def test_strangers_hear_nothing(cookies: str, people: dict[str, Any]) -> None:
    with pytest.raises(NotSignedInError):
        subscribe(cookies, [str(uuid4())], [])


def test_a_session_that_has_ended_is_noticed(people: dict[str, Any]) -> None:
    client = Client()
    client.force_login(people["leader"])
    cookies = f"sessionid={client.cookies['sessionid'].value}"
    assert reader_of_cookies(cookies).user_id == people["leader"].pk
    client.logout()
    with pytest.raises(NotSignedInError):
        reader_of_cookies(cookies)


def test_what_changed_just_before_is_told_at_the_beginning(people: dict[str, Any]) -> None:
    now = clock.now()
    with clock.at(now - timedelta(minutes=1)):
        bulletins.post("accounts", [1])
    with clock.at(now - timedelta(seconds=1)):
        bulletins.post("accounts", [2])
    with clock.at(now):
        found = subscribe(_cookies(people["leader"]), [str(uuid4())], [])
    assert [ids for _, _, ids in found.recent] == [[2]]
    assert json.dumps(found.recent)
