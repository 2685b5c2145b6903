"""``banso doctor`` says whether the work gets done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from banso.config.cli import doctor, doctor_work
from banso.usage.services import readings
from banso.workspace.models import WorkerLease
from banso.workspace.services import lease

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def say(**told: dict[tuple[str, ...], float]) -> None:
        for name, value in told.items():
            monkeypatch.setattr(readings, name, lambda value=value: value)

    return say


def states(check: Any) -> list[tuple[str, bool]]:
    return [(finding.state, bool(finding.remedy)) for finding in check()]


@pytest.mark.parametrize(
    ("lag", "set_aside", "expected"),
    [
        (59.0, 0, [("ok", False)]),
        (61.0, 0, [("warn", True)]),
        (0.0, 4, [("ok", False), ("warn", True)]),
    ],
)
def test_an_inbox_that_nobody_empties(
    figures: Callable[..., None], lag: float, set_aside: int, expected: list[tuple[str, bool]]
) -> None:
    figures(inbox_messages={("waiting",): 7, ("set_aside",): set_aside}, inbox_lag={(): lag})
    assert states(doctor_work.inbox) == expected


@pytest.mark.parametrize(
    ("waiting", "lag", "expected"),
    [(0, 0, ("ok", False)), (3, 5, ("ok", False)), (3, 61, ("warn", True))],
)
def test_a_warehouse_that_falls_behind(
    figures: Callable[..., None], waiting: int, lag: float, expected: tuple[str, bool]
) -> None:
    figures(unprojected={(): waiting}, warehouse_lag={(): lag})
    assert states(doctor_work.warehouse) == [expected]


def test_the_lease_is_told_where_machines_share_a_database(
    monkeypatch: pytest.MonkeyPatch, stopped_clock: datetime
) -> None:
    monkeypatch.setattr(lease, "is_needed", lambda: False)
    assert states(doctor_work.worker_lease) == []
    monkeypatch.setattr(lease, "is_needed", lambda: True)
    assert states(doctor_work.worker_lease) == [("warn", True)]
    WorkerLease.objects.create(name=lease.WAREHOUSE, holder="a-1", renewed_at=stopped_clock)
    (finding,) = doctor_work.worker_lease()
    assert (finding.state, finding.detail) == ("ok", "a-1, renewed at 03:00:00 UTC")


def test_a_disk_without_room_for_a_second_warehouse(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = settings.FILES_DIR = tmp_path
    (tmp_path / "warehouse.duckdb").write_bytes(b"x" * 2_000)
    monkeypatch.setattr(doctor, "FREE_BYTES", 1_000)
    for free, state in ((1_999, "warn"), (2_000, "ok")):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _, usage=usage: usage)
        assert [finding.state for finding in doctor._directories()] == [state]
