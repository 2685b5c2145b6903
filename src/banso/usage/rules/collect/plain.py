"""A quick way through for batches in which nothing is unusual, which are almost all.

It decides how much one machine takes: one pass over the body, no look at single messages but for
what they must have. Whatever it does not vouch for is looked at with every care elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from banso.usage.rules.collect.limits import (
    MOST_DEPTH,
    MOST_MESSAGE,
    MOST_MESSAGE_ID,
    MOST_MESSAGES,
)

_KEY = b'"messageId"'


class _Object(msgspec.Struct, gc=False):
    """Any object."""


class _Context(msgspec.Struct, gc=False):
    groupId: str | None = None  # noqa: N815 - the names of the protocol


class _Plain(msgspec.Struct, rename="camel", gc=False):
    """A message as senders of today write it."""

    type: Literal["track", "identify", "page", "screen"]
    message_id: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_MESSAGE_ID)]
    user_id: str | None = None
    anonymous_id: str | None = None
    event: str = ""
    context: _Context | None = None
    properties: _Object | None = None
    traits: _Object | None = None


class PlainBatch(msgspec.Struct, rename="camel"):
    """A whole request."""

    batch: list[_Plain]
    sent_at: Any = None
    write_key: Any = None

    @property
    def ids(self) -> list[str]:
        """The ids of its messages, in order."""
        return [message.message_id for message in self.batch]


_decode = msgspec.json.Decoder(PlainBatch).decode


def read_plain(body: bytes) -> PlainBatch | None:
    """The request, if all of its messages are plainly good; None when that takes a closer look.

    Args:
        body: in which :func:`values.may_hold_bad_values` has found nothing.
    """
    try:
        # The parser takes strings that it passes over as they are.
        body.decode()
        request = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    messages = request.batch
    if not 0 < len(messages) <= MOST_MESSAGES or not _are_small(body, len(messages)):
        return None
    return request if _are_whole(messages) else None


def _are_whole(messages: list[_Plain]) -> bool:
    """Whether each names somebody, and its event."""
    for message in messages:
        who = message.user_id or message.anonymous_id or " "
        what = message.event or (" " if message.type == "track" else "-")
        if who.isspace() or what.isspace() or message.message_id.isspace():
            return False
    return True


def _are_small(body: bytes, count: int) -> bool:
    """Whether no message can be too large or too deep.

    Each message has its id under one key. Where that key stands exactly once for each, a message
    reaches no further than from the key before its own to the key after it.
    """
    pieces = body.split(_KEY)
    if len(pieces) != count + 1:
        return False
    keys = np.zeros(count + 2, np.intp)
    lengths = np.fromiter(map(len, pieces), np.intp, count + 1)
    (lengths + len(_KEY)).cumsum(out=keys[1:])
    # The two kinds of bracket differ by one bit.
    brackets = ((np.frombuffer(body, np.uint8) | 32) == ord("{")).nonzero()[0]
    depths = brackets.searchsorted(keys)
    return bool(
        (keys[2:] - keys[:-2]).max() <= MOST_MESSAGE
        and (depths[2:] - depths[:-2]).max() <= MOST_DEPTH
    )
