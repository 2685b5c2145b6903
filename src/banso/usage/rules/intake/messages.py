"""Messages as the drain reads them: quickly, and only what it needs."""

from __future__ import annotations

from hashlib import md5
from typing import Any

import msgspec

from banso.kit.errors import InvalidInputError
from banso.usage.rules.collect import bodies
from banso.usage.rules.collect.messages import named

#: Longer keys would not fit into the tables of people and groups.
MOST_KEY = 200
_DIGEST = 32


class Props(msgspec.Struct, gc=False):
    """The properties that may carry the value of an event."""

    value: Any = None
    revenue: Any = None
    total: Any = None
    name: Any = None


class ContextTraits(msgspec.Struct, gc=False):
    """What is said about the user beside an event."""

    email: Any = None


class Context(msgspec.Struct, gc=False):
    """The surroundings of an event."""

    group_id: Any = msgspec.field(name="groupId", default=None)
    traits: ContextTraits | None = None


class Message(msgspec.Struct, rename="camel", gc=False):
    """One message; names with an underscore, and ``action``, are those of old senders."""

    type: Any = None
    event: Any = None
    name: Any = None
    message_id: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    group_id: Any = None
    previous_id: Any = None
    timestamp: Any = None
    original_timestamp: Any = None
    sent_at: Any = None
    context: Context | None = None
    properties: Props | None = None
    traits: Any = None
    old_type: Any = msgspec.field(name="action", default=None)
    old_message_id: Any = msgspec.field(name="message_id", default=None)
    old_user_id: Any = msgspec.field(name="user_id", default=None)
    old_anonymous_id: Any = msgspec.field(name="anonymous_id", default=None)
    old_group_id: Any = msgspec.field(name="group_id", default=None)
    old_previous_id: Any = msgspec.field(name="previous_id", default=None)


class _Envelope(msgspec.Struct):
    batch: list[Message]
    sent_at: Any = msgspec.field(name="sentAt", default=None)


_envelope = msgspec.json.Decoder(_Envelope).decode
_message = msgspec.json.Decoder(Message).decode
_anything = msgspec.json.Decoder().decode
_PARTS = ("context", "properties")


def decode_request(body: bytes, route: str) -> tuple[list[Message | None], Any]:
    """The messages of a body and when it was sent; None in the place of what cannot be read.

    Args:
        body: JSON, unpacked.
        route: a value of ``collect.limits.ROUTES``.

    Raises:
        InvalidInputError: it cannot even be cut into messages.
    """
    try:
        if route == "batch":
            envelope = _envelope(body)
            return envelope.batch, envelope.sent_at  # type: ignore[return-value]
        single = _message(body)
        return [single], single.sent_at
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        request = bodies.cut(body, route)
        return [decode_message(text) for text in request.messages], request.sent_at


def decode_message(text: bytes) -> Message | None:
    """One message, where a part of another type than expected counts as absent."""
    try:
        return _message(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_loosely(text)


def _decode_loosely(text: bytes) -> Message | None:
    try:
        read = _anything(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    context = read.get("context")
    if isinstance(context, dict) and not isinstance(context.get("traits"), dict):
        context.pop("traits", None)
    kept = {k: v for k, v in read.items() if k not in _PARTS or isinstance(v, dict)}
    return msgspec.convert(kept, Message)


def message_texts(body: bytes, route: str) -> list[bytes]:
    """The messages of a body as they were sent."""
    try:
        return [bytes(text) for text in bodies.cut(body, route).messages]
    except InvalidInputError:
        return []


def key_of(name: Any) -> str:
    """An id as it is kept: text of at most 200 characters; empty when there is none.

    Of longer ids the beginning is kept with a digest of the whole, so that they stay different.
    """
    text = named(name)
    if len(text) <= MOST_KEY:
        return text
    digest = md5(text.encode(), usedforsecurity=False).hexdigest()
    return text[: MOST_KEY - _DIGEST] + digest
