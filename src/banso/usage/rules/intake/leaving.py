"""Telling which messages are of somebody who is to be forgotten, and cutting them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from banso.usage.rules.collect.messages import named
from banso.usage.rules.intake.messages import (
    Message,
    decode_message,
    decode_request,
    key_of,
    message_texts,
)


@dataclass(frozen=True)
class Leaving:
    """The ids of users, visitors and groups who are to be forgotten."""

    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def sent(self, text: bytes) -> bool:
        """Whether a message names one of them; one that cannot be read is searched as text."""
        message = decode_message(text)
        if message is None:
            return any(_quoted(key) in text for key in self.users | self.groups)
        return _names(_people(message), self.users) or _names(_groups(message), self.groups)


@dataclass(frozen=True)
class Rest:
    """A request without the messages that were cut out: JSON, their number, and which of the
    messages that are left were refused at the door."""

    body: bytes
    messages: int
    refused: list[int]


def cut_out(leaving: Leaving, body: bytes, route: str, refused: Sequence[int]) -> Rest | None:
    """A request without the messages of those who are leaving; None when it has none of them."""
    texts = message_texts(body, route)
    kept = [at for at, text in enumerate(texts) if not leaving.sent(text)]
    if len(kept) == len(texts):
        return None
    _messages, sent_at = decode_request(body, route)
    batch = [msgspec.Raw(texts[at]) for at in kept]
    outside = [new for new, at in enumerate(kept) if at in set(refused)]
    rest = msgspec.json.encode({"batch": batch, "sentAt": sent_at})
    return Rest(rest, len(kept) - len(outside), outside)


def _quoted(key: str) -> bytes:
    return msgspec.json.encode(key)[1:-1]


def _names(ids: Sequence[Any], leaving: frozenset[str]) -> bool:
    return any(key_of(one) in leaving for one in ids if named(one))


def _people(message: Message) -> tuple[Any, ...]:
    return (
        message.user_id,
        message.anonymous_id,
        message.previous_id,
        message.old_user_id,
        message.old_anonymous_id,
        message.old_previous_id,
    )


def _groups(message: Message) -> tuple[Any, ...]:
    context = message.context.group_id if message.context else None
    return (message.group_id, message.old_group_id, context)
