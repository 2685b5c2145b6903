"""The pages, which are written for threads, behind a server that is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import WSGIResponder

from banso.kit.asgi import Receive, Scope, Send

#: Pieces of an answer that wait for a slow reader.
PIECES = 4
#: Methods whose requests bring nothing.
BODILESS = ("GET", "HEAD")


class ReaderGoneError(OSError):
    """The browser has closed the connection."""


class Pages:
    """Runs a WSGI application in threads, each request in one.

    Args:
        application: the WSGI application.
        threads: how many requests run at a time; more wait. Each thread keeps its connection to
            the database.
    """

    def __init__(self, application: Any, threads: int) -> None:
        self._application = application
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        responder = _Responder(self._application, self._pool, PIECES)
        body = _Body(receive, responder.reader_has_gone)
        if scope["method"] in BODILESS:
            body.watch()
        try:
            await responder(scope, body.next_piece, send)  # type: ignore[arg-type]
        except ReaderGoneError:
            return
        finally:
            body.leave()


class _Body:
    """Hands out a request's body; after its end, tells when the reader leaves."""

    def __init__(self, receive: Receive, on_gone: Callable[[], None]) -> None:
        self._receive, self._on_gone = receive, on_gone
        self._watching: asyncio.Task[None] | None = None

    async def next_piece(self) -> Any:
        """The next message of the server, as a coroutine, which the library needs."""
        if self._watching:
            return {"type": "http.request", "body": b""}
        message = await self._receive()
        # Half an upload must not be taken for a whole one.
        if message["type"] == "http.disconnect":
            raise ReaderGoneError
        if not message.get("more_body"):
            self.watch()
        return message

    def watch(self) -> None:
        """Begin to look for the end of the connection; nothing more comes from the body."""
        self._watching = asyncio.create_task(self._watch())

    def leave(self) -> None:
        """The request has been answered."""
        if self._watching:
            self._watching.cancel()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._on_gone()


class _Responder(WSGIResponder):
    """Stops an answer that nobody reads, where the library would go on or wait for ever."""

    _is_gone = False

    def reader_has_gone(self) -> None:
        """Let the next piece of the answer be the last."""
        self._is_gone = True

    async def sender(self, send: Any) -> None:
        """Pass pieces on; when nobody takes them, empty the queue that the thread waits for."""
        while (message := await self.send_queue.get()) is not None:
            if not self._is_gone:
                await self._pass_on(send, message)

    async def _pass_on(self, send: Any, message: Any) -> None:
        try:
            await send(message)
        except Exception:
            self._is_gone = True

    def send(self, message: Any) -> None:
        """Called in the thread, which it ends when nobody reads."""
        if self._is_gone:
            raise ReaderGoneError
        super().send(message)
