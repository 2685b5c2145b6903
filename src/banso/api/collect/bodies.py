"""Reading a request's body off the wire, never more than the limit."""

from __future__ import annotations

from collections.abc import Mapping

from banso.kit.asgi import Receive
from banso.usage.rules.collect.bodies import too_large
from banso.usage.rules.collect.limits import MOST_BODY


class SenderGoneError(Exception):
    """The connection ended before the body did; there is nobody to answer."""


async def read_body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The whole body.

    Raises:
        InvalidInputError: ``body-too-large``, as soon as that is known.
        SenderGoneError: the sender has gone.
    """
    said = headers.get(b"content-length", b"")
    if said.isdigit() and (len(said) > 10 or int(said) > MOST_BODY):
        raise too_large()
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SenderGoneError
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BODY:
            raise too_large()
        parts.append(part)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)
