"""Looking at the disk, and remembering ids."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from banso.api.collect import recent, room
from banso.api.collect.recent import Recent
from banso.api.collect.room import Room

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("total", "free", "expected"),
    [
        (100_000, 65, True),
        (100_000, 63, False),
        (160, 21, True),
        (160, 19, False),
    ],
)
def test_room_ends_before_the_disk_does(
    total: int, free: int, expected: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SimpleNamespace(f_blocks=total, f_frsize=MEGABYTE, f_bavail=free)
    monkeypatch.setattr(os, "statvfs", lambda folder: disk)
    assert Room(tmp_path)() is expected


def test_room_comes_back_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    disk = SimpleNamespace(f_blocks=1_000, f_frsize=MEGABYTE, f_bavail=1)
    monkeypatch.setattr(os, "statvfs", lambda folder: disk)
    monkeypatch.setattr(room.time, "monotonic", lambda: now)
    looked = Room(tmp_path)
    assert not looked()
    disk.f_bavail = 900
    now += room.LOOK_SECONDS + 0.1
    assert looked()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Recent]:
    monkeypatch.setattr(recent, "GENERATION", 10)
    return Recent


def test_ids_are_known_per_source(small: Callable[[], Recent]) -> None:
    seen = small()
    assert seen.count_known(1, ["a", "b", "a"]) == 1
    assert seen.count_known(2, ["a", "b"]) == 0
    assert seen.count_known(1, ["b", "c"]) == 1


def test_old_ids_are_forgotten_and_recent_ones_are_not(small: Callable[[], Recent]) -> None:
    seen = small()
    for i in range(100):
        seen.count_known(1, [str(i)])
    assert seen.count_known(1, [str(i) for i in range(90, 100)]) == 10
    assert seen.count_known(1, ["0"]) == 0
