"""Requests as the drain takes them: from the inbox, or from among what was held."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import msgspec

from banso.usage.rules.collect import bodies
from banso.usage.rules.collect.messages import named
from banso.usage.rules.collect.naming import Namer
from banso.usage.rules.intake.messages import (
    Message,
    decode_message,
    decode_request,
    message_texts,
)
from banso.usage.rules.intake.moments import SECOND

_LEVEL = 3


@dataclass
class Request:
    """Messages that came together.

    ``received`` is a moment, ``messages`` holds None for what was refused at the door or cannot be
    read, ``texts`` gives the messages as they were sent, ``name`` the key of one that has none.
    """

    source_id: int
    received: int
    sent: Any
    route: str
    messages: Sequence[Message | None]
    load_texts: Callable[[], Sequence[bytes]]
    make_key: Callable[[bytes, int], str]
    refused: int = 0
    #: Positions among ``messages`` that nobody could read although the door let them in.
    unread: list[int] = field(default_factory=list)

    @cached_property
    def texts(self) -> Sequence[bytes]:
        """The messages as they were sent."""
        return self.load_texts()

    def key(self, position: int) -> str:
        """The key of a message."""
        message = self.messages[position]
        key = named(message.message_id) or named(message.old_message_id) if message else ""
        return key or self.make_key(self.texts[position], position)


class HeldMessage(msgspec.Struct, array_like=True, gc=False):
    """One message that waits: its key, its request's times, and the text that was sent."""

    key: str
    received: int
    sent: Any
    route: str
    text: msgspec.Raw


_held = msgspec.json.Decoder(list[HeldMessage])


def from_inbox(
    *,
    source_id: int,
    received_at: datetime,
    route: str,
    body: bytes,
    is_gzip: bool,
    refused: Sequence[int],
) -> Request:
    """Open an accepted request.

    Raises:
        InvalidInputError: the body is damaged.
    """
    text = bodies.unpack(body) if is_gzip else body
    messages, sent = decode_request(text, route)
    unread = []
    if refused or None in messages:
        outside = set(refused)
        unread = [i for i, m in enumerate(messages) if m is None and i not in outside]
        messages = [None if i in outside else message for i, message in enumerate(messages)]
    return Request(
        source_id=source_id,
        received=moment_of(received_at),
        sent=sent,
        route=route,
        messages=messages,
        load_texts=lambda: message_texts(text, route),
        make_key=Namer(text, sent, received_at).name,
        refused=len(refused),
        unread=unread,
    )


def from_held(source_id: int, payload: bytes) -> list[Request]:
    """Open what :func:`to_held` wrote."""
    return [_reopened(source_id, one) for one in read_held(payload)]


def read_held(payload: bytes) -> list[HeldMessage]:
    """The messages that :func:`to_held` wrote."""
    return _held.decode(zlib.decompress(payload))


def to_held(messages: Iterable[HeldMessage]) -> bytes:
    """Messages as the payload of a row: zlib-compressed JSON, a list of :class:`HeldMessage`."""
    return zlib.compress(msgspec.json.encode(list(messages)), _LEVEL)


def held(request: Request, position: int) -> HeldMessage:
    """A message of a request in the form in which it waits."""
    text = msgspec.Raw(request.texts[position])
    key = request.key(position)
    return HeldMessage(key, request.received, request.sent, request.route, text)


def moment_of(at: datetime) -> int:
    """A point in time in whole microseconds since 1970."""
    return int(at.replace(microsecond=0).timestamp()) * SECOND + at.microsecond


def time_of(moment: int) -> datetime:
    """The point in time of a moment."""
    whole = datetime.fromtimestamp(moment // SECOND, UTC)
    return whole.replace(microsecond=moment % SECOND)


def _reopened(source_id: int, one: HeldMessage) -> Request:
    text = bytes(one.text)
    return Request(
        source_id=source_id,
        received=one.received,
        sent=one.sent,
        route=one.route,
        messages=[decode_message(text)],
        load_texts=lambda: [text],
        make_key=lambda _text, _position: one.key,
    )
