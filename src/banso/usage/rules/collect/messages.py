"""Whether one message can be taken, and under which id."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from banso.usage.rules.collect.limits import KINDS, MOST_MESSAGE, MOST_MESSAGE_ID
from banso.usage.rules.collect.values import (
    Refused,
    is_too_deep,
    load_message,
    may_hold_bad_values,
)

Name = str | int | float | None


class _Object(msgspec.Struct):
    """Any object; what is in it does not matter to the door."""


class _Context(msgspec.Struct):
    groupId: Name = None  # noqa: N815 - the names of the protocol


#: PHP writes an empty array where others write an empty object.
_Nothing = Annotated[list[Any], msgspec.Meta(max_length=0)]


class Message(msgspec.Struct, rename="camel"):
    """What the door looks at."""

    type: str | None = None
    message_id: Name = None
    user_id: Name = None
    anonymous_id: Name = None
    group_id: Name = None
    previous_id: Name = None
    event: str | None = None
    context: _Context | _Nothing | None = None
    properties: _Object | _Nothing | None = None
    traits: _Object | _Nothing | None = None


class OldNames(msgspec.Struct):
    """What old senders write instead; looked at where the names of today are missing."""

    action: str | None = None
    message_id: Name = None
    user_id: Name = None
    anonymous_id: Name = None
    group_id: Name = None
    previous_id: Name = None


_decode = msgspec.json.Decoder(Message).decode
_decode_old = msgspec.json.Decoder(OldNames).decode


def read_message(text: bytes, route: str, *, careful: bool) -> Message:
    """Read one message and check everything that the protocol asks of it.

    Args:
        text: the message as it was sent.
        route: a value of ``limits.ROUTES``; all but ``batch`` say the type themselves.
        careful: look at every value, because the quick look at the body found something.

    Raises:
        Refused: the message goes to quarantine.
        ValueError: it is no JSON, and so neither is the body.
    """
    if len(text) > MOST_MESSAGE:
        raise Refused("message-too-large")
    message = _decoded(text, careful)
    message.type = message.type if route == "batch" else route
    if message.type is None or (message.user_id is None and message.anonymous_id is None):
        _take_old_names(message, text)
    problem = _problem(message)
    if problem:
        raise Refused(problem)
    return message


def _decoded(text: bytes, careful: bool) -> Message:
    try:
        if careful:
            text.decode()
        if (careful and may_hold_bad_values(text)) or is_too_deep(text):
            load_message(text)
        return _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        load_message(text)
        is_object = text.lstrip()[:1] == b"{"
        raise Refused("wrong-type" if is_object else "not-an-object") from None


def _take_old_names(message: Message, text: bytes) -> None:
    try:
        old = _decode_old(text)
    except msgspec.ValidationError:
        raise Refused("wrong-type") from None
    message.type = message.type if message.type is not None else old.action
    for name in ("message_id", "user_id", "anonymous_id", "group_id", "previous_id"):
        if getattr(message, name) is None:
            setattr(message, name, getattr(old, name))


def _problem(message: Message) -> str:
    kind = message.type
    if kind not in KINDS:
        return "unknown-type"
    if len(str(message.message_id)) > MOST_MESSAGE_ID:
        return "message-id-too-long"
    if kind == "track" and not (message.event and message.event.strip()):
        return "no-event"
    if kind == "group" and not named(message.group_id):
        return "no-group"
    if kind == "alias" and not (named(message.previous_id) and named(message.user_id)):
        return "no-alias"
    return "" if _names_somebody(message) else "nobody"


def _names_somebody(message: Message) -> bool:
    if named(message.user_id) or named(message.anonymous_id) or named(message.group_id):
        return True
    return isinstance(message.context, _Context) and bool(named(message.context.groupId))


def named(name: Any) -> str:
    """An id as text; empty when there is none."""
    return "" if name is None else str(name).strip()
