"""A worker with nothing to do gives memory back once, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from banso.engine.warehouse import Warehouse
from banso.health.services.live import idle
from tests.engine.samples import raw


def test_memory_is_given_back_once_after_work(monkeypatch: Any) -> None:
    now, rests = [100.0], []
    monkeypatch.setattr(idle.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(idle, "warehouse", lambda: type("Store", (), {"rest": lambda _: None})())
    monkeypatch.setattr(idle, "give_back", lambda: rests.append(now[0]))
    worker = idle.Idle()
    for second, worked in ((105, True), (114, False), (116, False), (130, False), (140, True)):
        now[0] = float(second)
        worker.note(worked=worked)
    assert rests == [116.0]
    now[0] = 151.0
    worker.note(worked=False)
    assert rests == [116.0, 151.0]


@pytest.mark.parametrize("limit", ["10MB", "300MB"])
def test_a_warehouse_that_rested_answers_as_before(tmp_path: Any, limit: str) -> None:
    with Warehouse.open(tmp_path / "w.duckdb", memory_limit=limit) as warehouse:
        before = warehouse.query("SELECT current_setting('memory_limit') AS it").to_pylist()
        warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann")))])
        warehouse.hold([1])
        warehouse.rest()
        warehouse.load_live([(2, raw(("2", 1, 3, "read", "bob")))])
        assert warehouse.account_days_of([1])["users"].to_pylist() == [2]
        assert warehouse.query("SELECT current_setting('memory_limit') AS it").to_pylist() == before
