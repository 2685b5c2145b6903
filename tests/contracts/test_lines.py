"""Lines that come in, are corrected and are taken back leave subscriptions that fit them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from banso.accounts import selectors
from banso.accounts.services.accounts import create_account
from banso.contracts.selectors.subscriptions import subscriptions_of
from banso.contracts.services.bulk import LineRow, undo_lines, upsert_lines
from banso.contracts.services.story import tell_contracts
from banso.workspace.types import SYSTEM, RowResult

pytestmark = pytest.mark.usefixtures("db", "stopped_clock")
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


@pytest.fixture
def accounts() -> tuple[Any, Any]:
    return create_account(actor=SYSTEM, name="Aoba"), create_account(actor=SYSTEM, name="Midori")


def row(account: Any, key: str, start: date, end: date, own: str = "", **more: Any) -> LineRow:
    values = {
        "account_id": account.pk,
        "start_on": start,
        "end_on": end,
        "mrr_minor": 1_000,
        "currency": "JPY",
        **more,
    }
    return LineRow(key, "plan", own, values)


def bring(*rows: LineRow) -> list[RowResult]:
    return upsert_lines(actor=SYSTEM, source="crm", rows=rows, grace_days=7)


def held(account: Any) -> list[tuple[str, list[str]]]:
    """Each subscription of an account: the source's id of it and those of its lines."""
    found = reversed(subscriptions_of(account))
    return [(one.external_id, [line.external_id for line in one.lines.all()]) for one in found]


@pytest.mark.parametrize("own", ["", "S-1"])
def test_a_line_that_moves_to_another_account_leaves_nothing_behind(
    accounts: tuple[Any, Any], own: str
) -> None:
    first, second = accounts
    bring(row(first, "1", JANUARY, FEBRUARY, own), row(first, "2", FEBRUARY, MARCH, own))
    (moved,) = bring(row(second, "2", FEBRUARY, MARCH, own))
    assert (held(first), held(second)) == ([(own, ["1"])], [(own, ["2"])])
    assert [one.ended_on for one in subscriptions_of(first)] == [FEBRUARY]
    assert {line.account_id for one in subscriptions_of(second) for line in one.lines.all()} == {
        second.pk
    }
    assert moved.record_id is not None
    change = (moved.record_id, moved.before, moved.after)
    undo_lines(actor=SYSTEM, changes=[change], grace_days=7)
    assert (held(first), held(second)) == ([(own, ["1", "2"])], [])


def test_a_corrected_price_is_corrected_on_the_timeline(accounts: tuple[Any, Any]) -> None:
    first, _ = accounts
    for price in (1_000, 2_000):
        bring(row(first, "1", JANUARY, date(2027, 1, 1), mrr_minor=price))
        tell_contracts([first.pk])
    (entry,), _cursor = selectors.timeline(first, ["contract"])
    assert (entry.data["event"], entry.data["arr_after"]) == ("started", 24_000)
