"""Ids for messages that bring none, so that a request sent again is not counted again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec


class _Times(msgspec.Struct, rename="camel"):
    timestamp: Any = None
    original_timestamp: Any = None


_times = msgspec.json.Decoder(_Times)


class Namer:
    """Derives ids from what a request says: the same for the same body.

    A message that says when it happened is told from all others by that. One without any time may
    be what a simple sender sends for each event, so only repeats within a minute are taken for one.

    Args:
        body: of the request, unpacked.
        sent_at: what the request says.
        received_at: when it came.
    """

    def __init__(self, body: bytes, sent_at: Any, received_at: datetime) -> None:
        self._body, self._is_sent_timed = body, bool(sent_at)
        self._minute = f"{received_at:%Y%m%d%H%M}"

    @cached_property
    def _digest(self) -> bytes:
        return hashlib.blake2b(self._body, digest_size=16).digest()

    def name(self, text: bytes, position: int) -> str:
        """The id of the message at a position of the request."""
        minute = "" if self._is_sent_timed or _has_time(text) else self._minute
        whole = hashlib.blake2b(self._digest + f"{position}/{minute}".encode(), digest_size=16)
        return f"derived-{whole.hexdigest()}"


def _has_time(text: bytes) -> bool:
    times = _times.decode(text)
    return bool(times.timestamp or times.original_timestamp)
