"""The words of an ASGI server, and an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

import msgspec

from banso.kit.errors import BansoError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: Headers = ()

    async def send(self, send: Send) -> None:
        """Send it whole."""
        length = (b"content-length", str(len(self.body)).encode())
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": [length, *self.headers]})
        await send({"type": "http.response.body", "body": self.body})


def json_answer(status: int, value: Any, headers: Headers = ()) -> Answer:
    """An answer that is JSON."""
    kind = (b"content-type", b"application/json")
    return Answer(status, msgspec.json.encode(value), [kind, *headers])


def error_answer(status: int, error: BansoError, headers: Headers = (), **more: Any) -> Answer:
    """``{"error": {code, message, remedy}}``."""
    told = {"code": error.code, "message": error.message, "remedy": error.remedy}
    return json_answer(status, {"error": told, **more}, headers)
