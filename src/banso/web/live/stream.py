"""The ASGI application behind ``/live/``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from banso.kit.asgi import Answer, Receive, Scope, Send, error_answer
from banso.kit.errors import BansoError, ForbiddenError, InvalidInputError
from banso.web.live.hub import Hub, Listener
from banso.web.live.reading import NotSignedInError, Subscription
from banso.workspace.services.bulletins import ARRIVALS

PATH = "/live/"
MOST_STREAMS = 200
#: Accounts that one page may name.
MOST_ACCOUNTS = 500
BEAT_SECONDS = 15.0
_RETRY = [(b"retry-after", b"30")]
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    # Asks nginx not to gather what is sent.
    (b"x-accel-buffering", b"no"),
]

Subscribe = Callable[[str, Sequence[str], Sequence[str]], Awaitable[Subscription]]


class LiveStreams:
    """Answers each request with a stream of notes.

    Args:
        hub: where notes come from.
        subscribe: says what the reader of a cookie may hear.
        still_signed_in: raises ``NotSignedInError`` once the session of a cookie has ended.
    """

    def __init__(
        self, hub: Hub, subscribe: Subscribe, still_signed_in: Callable[[str], Awaitable[object]]
    ) -> None:
        self._hub, self._subscribe, self._still_signed_in = hub, subscribe, still_signed_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        cookies = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
        try:
            subscription = await self._begin(scope, cookies)
        except BansoError as error:
            await _refusal(error).send(send)
            return
        listener = Listener(subscription.accounts, subscription.wants_arrivals)
        listener.tell(subscription.recent)
        self._hub.join(listener)
        try:
            await self._stream(listener, cookies, receive, send)
        finally:
            self._hub.leave(listener)

    async def _begin(self, scope: Scope, cookies: str) -> Subscription:
        if scope["method"] != "GET":
            raise InvalidInputError("This address only answers GET.", code="get-only")
        if len(self._hub) >= MOST_STREAMS:
            raise BansoError("Too many pages listen already.", code="too-many-streams")
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        uids = _names(asked, "accounts")[:MOST_ACCOUNTS]
        topics = [topic for topic in _names(asked, "topics") if topic == ARRIVALS]
        if not uids and not topics:
            raise InvalidInputError("Name accounts or topics.", code="nothing-asked")
        return await self._subscribe(cookies, uids, topics)

    async def _stream(self, listener: Listener, cookies: str, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _write(send, ": listening\n\n")
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while not gone.done():
                woken = await _first(listener.wake, gone)
                if gone.done():
                    return
                if not woken:
                    await self._still_signed_in(cookies)
                await _write(send, _notes(listener) if woken else ": beat\n\n")
        except NotSignedInError:
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


def _names(asked: dict[str, list[str]], name: str) -> list[str]:
    return [one for value in asked.get(name, ()) for one in value.split(",") if one]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first(wake: asyncio.Event, gone: asyncio.Future[None]) -> bool:
    """Wait for a note, for the reader to leave or for the next beat; true for a note."""
    waiting = asyncio.ensure_future(wake.wait())
    try:
        both: set[asyncio.Future[Any]] = {waiting, gone}
        await asyncio.wait(both, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        return waiting.done()
    finally:
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


def _notes(listener: Listener) -> str:
    listener.wake.clear()
    uids, listener.changed = sorted(listener.changed), set()
    arrived, listener.has_arrivals = listener.has_arrivals, False
    accounts = f"event: accounts\ndata: {json.dumps({'uids': uids})}\n\n" if uids else ""
    return accounts + ("event: arrivals\ndata: {}\n\n" if arrived else "")


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _refusal(error: BansoError) -> Answer:
    if isinstance(error, NotSignedInError):
        return error_answer(401, error)
    if isinstance(error, ForbiddenError):
        return error_answer(403, error)
    if error.code == "too-many-streams":
        return error_answer(503, error, _RETRY)
    if error.code == "get-only":
        return error_answer(405, error, [(b"allow", b"GET")])
    return error_answer(400, error)
