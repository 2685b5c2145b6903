"""Events of long ago are counted by the day, and nothing that is measured changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from banso.health.services import compute
from banso.health.services.live import take_in_everything
from banso.health.services.retention import condense
from banso.health.services.values import usable_metrics, values_on
from banso.health.services.warehouse import warehouse
from banso.kit import clock
from banso.usage.models import UsageBatch
from banso.usage.services.batches import revert_batches
from banso.usage.services.retention import CountedBatch
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM
from tests.usage.collected import arrive, make_source, track

LAST_YEAR = date(2025, 2, 10)
#: Long enough after what came in for nothing to be taken back any more.
LATER = datetime(2026, 5, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def account(house: Any) -> Any:
    from banso.accounts.models import AccountKey

    account = house.account("Acme")
    AccountKey.objects.create(account=account, source="crm", external_id="A1")
    house.line(account, date(2024, 1, 1))
    return account


def events(account: Any, *keys: str, day: date = LAST_YEAR, value: float | None = 2.0) -> pa.Table:
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC).replace(tzinfo=None)
    return pa.table(
        {
            "message_key": list(keys),
            "account_id": pa.array([account.pk] * len(keys), pa.int64()),
            "user_key": pa.array([f"u{key[-1]}" if key != "nobody" else None for key in keys]),
            "ts": pa.array([at] * len(keys), pa.timestamp("us")),
            "day": pa.array([day] * len(keys), pa.date32()),
            "feature": [f"f{len(key)}" for key in keys],
            "value": pa.array([value] * len(keys), pa.float64()),
        }
    )


def figures() -> list[Any]:
    tables = {"feature_days": "*", "user_days": "*", "account_days": "* EXCLUDE (last_ts)"}
    return [
        sorted(warehouse().query(f"SELECT {what} FROM {name}").to_pylist(), key=str)
        for name, what in tables.items()
    ]


def single() -> int:
    return warehouse().query("FROM raw_events").num_rows + (
        warehouse().query("FROM raw_events_shadowed").num_rows
    )


def condensed_later() -> int:
    with clock.at(LATER):
        return condense()


def test_figures_stay_and_events_go(house: Any, account: Any) -> None:
    source = make_source()
    old = datetime(2025, 2, 10, 5, tzinfo=UTC)
    for key in ("l1", "l2"):
        stamp = {"timestamp": old.isoformat(), "properties": {"value": 3}}
        arrive(source, track(key=key, userId="u1", context={"groupId": "A1"}, **stamp))
        take_in_everything()
    house.batch(events(account, "a1", "a2", "b1", "nobody"), kind="raw")
    house.batch(events(account, "n1", day=date(2026, 4, 10)), kind="raw")
    house.use(account, LAST_YEAR, 1, feature="f2", users=2)
    compute.refresh()
    before = figures()
    assert single() == 7
    assert condensed_later() == 3
    assert figures() == before
    assert single() == 1
    assert condensed_later() == 0
    assert sorted(UsageBatch.objects.values_list("kind", flat=True)) == (
        ["counted", "daily", "daily", "daily", "raw"]
    )
    assert not UsageBatch.objects.exclude(stale_at=None).exists()
    with clock.at(LATER):
        compute.rebuild()
    assert figures() == before


def test_every_default_metric_of_every_past_day_stays(house: Any, account: Any) -> None:
    for offset in range(0, 60, 3):
        day = LAST_YEAR - timedelta(days=offset)
        house.batch(events(account, f"a{offset}", f"bb{offset}", day=day), kind="raw")
    compute.rebuild()
    days = [LAST_YEAR - timedelta(days=offset) for offset in (-40, -1, 0, 1, 17, 45)]
    before = measured(account, days)
    assert any(value == value for value in before.values())
    assert condensed_later() == 20
    assert measured(account, days) == pytest.approx(before, nan_ok=True)


def measured(account: Any, days: list[date]) -> dict[tuple[str, date], float]:
    store = warehouse()
    known, keys = usable_metrics(store)
    return {
        (key, day): float(row[0])
        for day in days
        for key, row in values_on(store, known, keys, day, [account.pk]).items()
    }


def test_what_is_recent_or_may_be_taken_back_is_left_alone(house: Any, account: Any) -> None:
    house.batch(events(account, "a1"), kind="raw", origin="import:1")
    assert condense() == 0
    compute.refresh()
    assert condense() == 0
    straddling = pa.concat_tables(
        [events(account, "b1"), events(account, "b2", day=date(2026, 4, 1))]
    )
    house.batch(straddling, kind="raw")
    revert_batches(actor=SYSTEM, origin="import:1")
    compute.refresh()
    assert condensed_later() == 0
    # What was taken back went for good.
    assert UsageBatch.objects.count() == 1


def test_nothing_is_counted_when_the_company_keeps_all(house: Any, account: Any) -> None:
    house.batch(events(account, "a1"), kind="raw")
    compute.refresh()
    change_company(actor=SYSTEM, keep_events_months=0)
    assert condensed_later() == 0
    change_company(actor=SYSTEM, keep_events_months=24)
    assert condensed_later() == 0
    change_company(actor=SYSTEM, keep_events_months=14)
    assert condensed_later() == 1


def test_files_that_repeat_events_count_them_once(house: Any, account: Any) -> None:
    house.batch(events(account, "a1", "a2"), kind="raw")
    # It reaches into the present, and so stays as it is.
    now = events(account, "n1", day=date(2026, 4, 1))
    house.batch(pa.concat_tables([events(account, "a2", "a3"), now]), kind="raw")
    house.batch(events(account, "a1", "a1", "a4"), kind="raw")
    compute.refresh()
    before = figures()
    assert condensed_later() == 2
    assert figures() == before
    assert single() == 2
    with clock.at(LATER):
        house.batch(pa.concat_tables([events(account, "a1", "a2", "a4"), now]), kind="raw")
        compute.refresh()
        assert figures() == before
        house.batch(events(account, "a1", "late"), kind="raw")
        compute.rebuild()
    (day,) = [row for row in figures()[2] if row["day"] == LAST_YEAR]
    assert day["events"] == 5


def test_a_worker_that_dies_before_the_warehouse_knows_leaves_nothing_wrong(
    house: Any, account: Any, monkeypatch: Any
) -> None:
    house.batch(events(account, "a1", "a2"), kind="raw")
    compute.refresh()
    before = figures()
    monkeypatch.setattr(type(warehouse()), "replace_batch", _die)
    with pytest.raises(KeyboardInterrupt):
        condensed_later()
    monkeypatch.undo()
    assert single() == 2
    compute.refresh()
    assert (single(), figures()) == (0, before)
    assert not UsageBatch.objects.exclude(stale_at=None).exists()


def test_a_batch_that_was_changed_meanwhile_waits(house: Any, account: Any) -> None:
    (batch,) = house.batch(events(account, "a1"), kind="raw")
    compute.refresh()
    lost, won = warehouse().repeated_keys(batch.pk)
    counted = CountedBatch(batch.pk, lost)
    UsageBatch.objects.update(reverted_at=clock.now())
    with clock.at(LATER):
        assert not counted.take_place(won)


def _die(*args: Any) -> None:
    raise KeyboardInterrupt
