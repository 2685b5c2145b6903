"""``/healthz``, ``/readyz`` and ``/metrics``: for what watches Banso, in front of all pages.

They need no host name that pages answer to, no session and none of the threads of pages. What
tells more than good or bad is for who asks from this machine, past any proxy, or shows the token of
``BANSO_METRICS_TOKEN``.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import close_old_connections

from banso.config.readiness import Check, examine
from banso.kit.asgi import Receive, Scope, Send
from banso.workspace.services.exposition import CONTENT_TYPE, exposition

PATHS = ("/healthz", "/readyz", "/metrics")
ANSWER_SECONDS = 5.0
JSON = "application/json"
_LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
_FORWARDED = {b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip", b"via"}
#: One thread: what asks too often waits for itself and for nobody else.
_thread = ThreadPoolExecutor(1, thread_name_prefix="probes")
Answer = tuple[int, str, str]
REFUSED: Answer = (
    403,
    JSON,
    json.dumps(
        {
            "error": {
                "code": "metrics-refused",
                "message": "Figures are shown to this machine, or for a token.",
                "remedy": "Set BANSO_METRICS_TOKEN and send it as Authorization: Bearer TOKEN.",
            }
        }
    ),
)


async def probes(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one of :data:`PATHS`."""
    if scope["method"] not in {"GET", "HEAD"}:
        return await _send(send, scope, (405, JSON, "{}"))
    path, trusted = scope["path"], is_trusted(scope)
    if path == "/healthz":
        return await _send(send, scope, (200, JSON, '{"alive": true}'))
    if path == "/metrics" and not trusted:
        return await _send(send, scope, REFUSED)
    work = _metrics if path == "/metrics" else lambda: _ready(scope, trusted=trusted)
    return await _send(send, scope, await _in_time(work))


def is_trusted(scope: Scope) -> bool:
    """Whether more than good or bad may be told; no unless it is certain."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    given = dict(headers)
    if settings.METRICS_TOKEN:
        shown = given.get(b"authorization", b"")
        return hmac.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy asks from this machine too, in the name of anybody.
    if settings.HTTPS or _FORWARDED & given.keys() or not _is_local(scope.get("client")):
        return False
    name = given.get(b"host", b"").decode("latin-1").lower()
    return (name if name.endswith("]") else name.rsplit(":", 1)[0]) in _LOCAL_NAMES


def _is_local(client: Any) -> bool:
    try:
        return ip_address(client[0]).is_loopback
    except (TypeError, ValueError, IndexError):
        return False


async def _in_time(work: Callable[[], Answer]) -> Answer:
    loop = asyncio.get_running_loop()
    try:
        return await asyncio.wait_for(
            loop.run_in_executor(_thread, _connected, work), ANSWER_SECONDS
        )
    except TimeoutError:
        return 503, JSON, json.dumps({"ready": False, "detail": "no answer in time"})


def _connected(work: Callable[[], Answer]) -> Answer:
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()


def _metrics() -> Answer:
    return 200, CONTENT_TYPE, exposition()


def _ready(scope: Scope, *, trusted: bool) -> Answer:
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    checks = examine(without=asked.get("without", ()))
    ready = all(check.ok for check in checks)
    told = {"ready": ready, "checks": [_told(check, trusted=trusted) for check in checks]}
    return 200 if ready else 503, JSON, json.dumps(told, ensure_ascii=False)


def _told(check: Check, *, trusted: bool) -> dict[str, Any]:
    return asdict(check) if trusted else {"name": check.name, "ok": check.ok}


async def _send(send: Send, scope: Scope, answer: Answer) -> None:
    status, kind, text = answer
    body = text.encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
