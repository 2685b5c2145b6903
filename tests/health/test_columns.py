"""Columns of metrics over all accounts, as they are published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from banso.health.selectors.columns import all_columns
from banso.health.services.compute import columns
from banso.health.services.compute.columns import publish_columns

pytestmark = pytest.mark.django_db


def values(*today: float, before: float = 0.5) -> dict[int, dict[str, Any]]:
    """Two metrics of today and of a week ago; the second is twice the first."""
    days = {0: np.array(today), 7: np.full(len(today), before)}
    return {ago: {"first": found, "second": 2 * found} for ago, found in days.items()}


def published() -> dict[tuple[str, int], list[float]]:
    found = all_columns()
    return {name: column.tolist() for name, column in found.known.items()}


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "TOGETHER", 1)


@pytest.mark.usefixtures("one_at_a_time")
def test_columns_take_the_place_of_all_others() -> None:
    publish_columns([3, 5], values(1, 2) | {28: {"gone": np.zeros(2)}})
    publish_columns([3, 5, 8], values(1, 2, 3))
    assert all_columns().account_ids.tolist() == [3, 5, 8]
    assert published() == {
        ("first", 0): [1, 2, 3], ("second", 0): [2, 4, 6],
        ("first", 7): [0.5, 0.5, 0.5], ("second", 7): [1, 1, 1],
    }  # fmt: skip


@pytest.mark.usefixtures("one_at_a_time")
@pytest.mark.parametrize(
    ("accounts", "first", "second"), [([3, 5], [7, 8], [2, 4]), ([3, 9], [1, 2], [2, 4])]
)
def test_columns_of_other_accounts_come_all_together(
    monkeypatch: pytest.MonkeyPatch, accounts: list[int], first: list[int], second: list[int]
) -> None:
    publish_columns([3, 5], values(1, 2))
    write, written = columns._write, []

    def fails_after_the_first_column(rows: Any, kept: Any) -> None:
        if len(written) == 2:
            raise OSError("the disk is full")
        written.append(rows)
        write(rows, kept)

    monkeypatch.setattr(columns, "_write", fails_after_the_first_column)
    with pytest.raises(OSError, match="full"):
        publish_columns(accounts, values(7, 8))
    assert all_columns().account_ids.tolist() == [3, 5]
    assert published()["first", 0] == first
    assert published()["second", 0] == second
