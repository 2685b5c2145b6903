"""Asking an ASGI application as a server would."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from banso.kit.asgi import Application


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


async def ask(
    application: Application,
    path: str,
    body: bytes | list[bytes] = b"",
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One request; a list of bodies arrives piece by piece."""
    pieces = body if isinstance(body, list) else [body]
    waiting = [
        {"type": "http.request", "body": piece, "more_body": i + 1 < len(pieces)}
        for i, piece in enumerate(pieces)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
    }
    await application(scope, receive, send)
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]} if sent else {}
    whole = b"".join(message.get("body", b"") for message in sent)
    return Reply(sent[0]["status"] if sent else 0, found, whole)


def ask_now(*args: Any, **kwargs: Any) -> Reply:
    """The same without an event loop, so that all of it is in the transaction of the test."""
    asking = ask(*args, **kwargs)
    try:
        asking.send(None)
    except StopIteration as finished:
        reply: Reply = finished.value
        return reply
    raise AssertionError("The application waits for something.")
