"""Who may send: the write keys of the database, at most a second old."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections.abc import Awaitable, Callable, Mapping

from banso.api.collect.errors import problem

FRESH_SECONDS = 1.0
KeyTable = Mapping[str, tuple[int, bool]]


class Keys:
    """The table of keys, read again by the first request that finds it old.

    Args:
        read: reads the table.
    """

    def __init__(self, read: Callable[[], Awaitable[KeyTable]]) -> None:
        self._read = read
        self._table: KeyTable = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def source(self, key: str) -> int:
        """The id of the source whose key this is.

        Raises:
            BansoError: ``no-key``, ``unknown-key`` or ``source-disabled``.
        """
        if not key:
            raise problem("no-key")
        source, enabled = (await self._fresh()).get(key, (0, False))
        if not source:
            raise problem("unknown-key")
        if not enabled:
            raise problem("source-disabled")
        return source

    async def _fresh(self) -> KeyTable:
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            async with self._reading:
                # Another request may have read it while this one waited for the lock.
                if time.monotonic() - self._read_at > FRESH_SECONDS:
                    self._table = await self._read()
                    self._read_at = time.monotonic()
        return self._table


def key_of_header(value: bytes) -> str:
    """The user name of Basic authorization; empty when there is none."""
    scheme, _, given = value.partition(b" ")
    if scheme.lower() != b"basic":
        return ""
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
