"""A warehouse for each test, in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from banso.engine.warehouse import Warehouse


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open(":memory:", threads=1) as opened:
        yield opened
