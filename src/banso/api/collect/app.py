"""The ASGI application behind ``/v1/``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from banso.api.collect.bodies import SenderGoneError, read_body
from banso.api.collect.committing import Committer
from banso.api.collect.errors import RETRY_AFTER, STATUSES, problem
from banso.api.collect.keys import Keys, key_of_header
from banso.api.collect.meters import count_kept, count_refused
from banso.api.collect.recent import Recent
from banso.api.collect.settings import asked_key, client_settings
from banso.kit import clock
from banso.kit.asgi import Answer, Receive, Scope, Send, error_answer, json_answer
from banso.kit.errors import BansoError, InvalidInputError
from banso.usage.rules.collect.bodies import unpack
from banso.usage.rules.collect.door import Examined, examine
from banso.usage.rules.collect.limits import ROUTES
from banso.usage.services.inbox import Arrival

PREFIX = "/v1/"
#: Figures about itself that the browser client posts; nothing is kept of them.
_DROPPED = "m"
_ANYWHERE = (b"access-control-allow-origin", b"*")
_PREFLIGHT = [
    _ANYWHERE,
    (b"access-control-allow-methods", b"POST"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, content-encoding, x-retry-count",
    ),
    (b"access-control-max-age", b"86400"),
]


class Collector:
    """Takes requests of the collection API and answers each once it is durable.

    Args:
        keys: who may send.
        committer: keeps what was accepted.
        has_room: whether the disk has room for more.
    """

    def __init__(self, keys: Keys, committer: Committer, has_room: Callable[[], bool]) -> None:
        self._keys, self._committer, self._has_room = keys, committer, has_room
        self._recent = Recent()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope, receive)
        except BansoError as error:
            count_refused(error.code)
            answer = _refusal(error)
        except SenderGoneError:
            return
        await answer.send(send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        name = scope["path"][len(PREFIX) :].rstrip("/")
        if key := asked_key(name):
            await self._keys.source(key)
            told = client_settings(key, dict(scope["headers"]), scope["scheme"])
            return json_answer(200, told, [_ANYWHERE, (b"cache-control", b"no-cache")])
        route = ROUTES.get(name, "")
        if not route and name != _DROPPED:
            raise problem("unknown-route")
        if scope["method"] == "OPTIONS":
            return Answer(204, headers=_PREFLIGHT)
        if scope["method"] != "POST":
            raise problem("post-only")
        if not route:
            return json_answer(200, {"success": True}, [_ANYWHERE])
        return await self._take(route, dict(scope["headers"]), receive)

    async def _take(self, route: str, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        _check_content_type(headers.get(b"content-type", b""))
        is_gzip = _is_gzip(headers.get(b"content-encoding", b""))
        key = key_of_header(headers.get(b"authorization", b""))
        source = await self._keys.source(key) if key else 0
        if not self._has_room():
            raise problem("disk-full")
        body = await read_body(headers, receive)
        received_at = clock.now()
        found = examine(unpack(body) if is_gzip else body, route, received_at)
        source = source or await self._keys.source(found.write_key)
        await self._committer.kept(
            Arrival(
                source_id=source,
                route=route,
                received_at=received_at,
                body=body,
                is_gzip=is_gzip,
                accepted=len(found.keys),
                sent_at=found.sent_at,
                refused=found.refused,
            )
        )
        duplicates = self._recent.count_known(source, found.keys)
        count_kept(len(found.keys), duplicates, (one.code for one in found.refused))
        return _outcome(found, duplicates)


def _check_content_type(value: bytes) -> None:
    kind = value.partition(b";")[0].strip().lower()
    # Browsers send beacons as plain text, which needs no preflight.
    if kind not in (b"", b"application/json", b"text/plain"):
        raise problem("wrong-content-type")


def _is_gzip(value: bytes) -> bool:
    encoding = value.strip().lower()
    if encoding not in (b"", b"identity", b"gzip"):
        raise problem("wrong-encoding")
    return encoding == b"gzip"


def _outcome(found: Examined, duplicates: int) -> Answer:
    rejected = [
        {"index": one.position, "messageId": one.message_key, "code": one.code}
        for one in found.refused
    ]
    told: dict[str, Any] = {
        "accepted": len(found.keys),
        "duplicates": duplicates,
        "rejected": rejected,
    }
    if rejected and not found.keys:
        error = InvalidInputError(
            "Every message was refused.",
            code="all-rejected",
            remedy="“rejected” says why; the messages are kept and can be replayed.",
        )
        return error_answer(400, error, [_ANYWHERE], success=False, **told)
    return json_answer(200, {"success": True, **told}, [_ANYWHERE])


def _refusal(error: BansoError) -> Answer:
    headers = [_ANYWHERE]
    if error.code in RETRY_AFTER:
        headers.append((b"retry-after", str(RETRY_AFTER[error.code]).encode()))
    if error.code == "post-only":
        headers.append((b"allow", b"POST, OPTIONS"))
    # A 401 goes without WWW-Authenticate on purpose: browsers would ask people for a password.
    return error_answer(STATUSES.get(error.code, 400), error, headers)
