"""A collection API on the database of the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from banso.api.collect.app import Collector
from banso.api.collect.keys import Keys
from banso.kit import clock
from banso.usage.models import EventSource, WriteKey
from banso.usage.selectors.write_keys import write_keys
from banso.usage.services.inbox import Arrival, keep_arrivals
from tests.api.client import Reply, ask_now, basic

KEY = "key-of-the-shop-0000000000000000"


class KeepAtOnce:
    """Keeps each arrival in the transaction of the test."""

    async def kept(self, arrival: Arrival) -> None:
        keep_arrivals([arrival])


async def read_keys() -> dict[str, tuple[int, bool]]:
    return write_keys()


@pytest.fixture
def source(db: None, stopped_clock: datetime) -> EventSource:
    """A source with a key."""
    shop = EventSource.objects.create(name="Shop", key="shop", created_at=clock.now())
    WriteKey.objects.create(source=shop, key=KEY, created_at=clock.now())
    return shop


@pytest.fixture
def collector(source: EventSource) -> Collector:
    """The API, which works in the thread of the test."""
    return Collector(Keys(read_keys), KeepAtOnce(), lambda: True)  # type: ignore[arg-type]


Post = Callable[..., Reply]


@pytest.fixture
def post(collector: Collector) -> Post:
    """Send something as JSON, or bytes as they are, with the source's key."""

    def send(route: str, body: Any, key: str = KEY, **headers: str) -> Reply:
        data = body if isinstance(body, bytes | list) and _is_raw(body) else _json(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        auth = {"authorization": basic(key)} if key else {}
        return ask_now(
            collector,
            f"/v1/{route}",
            data,
            headers={"content-type": "application/json", **auth, **named},
        )

    return send


def _is_raw(body: Any) -> bool:
    return isinstance(body, bytes) or all(isinstance(piece, bytes) for piece in body)


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
