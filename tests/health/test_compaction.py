"""Many small batches of live events become few, and nothing that they say changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from banso.accounts.models import AccountKey
from banso.health.services import compute
from banso.health.services.live import take_in_everything
from banso.health.services.live.compaction import compact
from banso.health.services.warehouse import warehouse
from banso.kit import clock
from banso.usage.models import UsageBatch
from banso.usage.services import compaction
from tests.conftest import NOON
from tests.usage.collected import arrive, make_source, rows, track

LATER = NOON + timedelta(hours=3)


@pytest.fixture
def account(house: Any) -> Any:
    account = house.account("Acme")
    AccountKey.objects.create(account=account, source="crm", external_id="A1")
    return account


def take_in(source: Any, *keys: str) -> None:
    """Each message in a round, and so in a batch, of its own."""
    for key in keys:
        arrive(source, track(key=key, userId=f"u-{key}", context={"groupId": "A1"}))
        take_in_everything()


def loaded() -> list[dict[str, Any]]:
    return warehouse().query("SELECT * FROM loaded_batches ORDER BY batch_id").to_pylist()


def facts() -> list[Any]:
    tables = ("raw_events", "feature_days", "user_days", "account_days")
    order = {"raw_events": "* EXCLUDE (batch_id)"}
    return [
        sorted(warehouse().query(f"SELECT {order.get(name, '*')} FROM {name}").to_pylist(), key=str)
        for name in tables
    ]


def test_small_batches_of_a_source_become_one(account: Any) -> None:
    web, server = make_source("web"), make_source("server")
    take_in(web, "a", "b")
    take_in(server, "c")
    take_in(web, "d")
    before, kept = facts(), rows()
    with clock.at(LATER):
        assert compact() == 2
        assert compact() == 0
    assert UsageBatch.objects.count() == 2
    assert [row["batch_id"] for row in loaded()] == list(
        UsageBatch.objects.order_by("id").values_list("id", flat=True)
    )
    assert facts() == before
    assert sorted(rows(), key=str) == sorted(kept, key=str)
    compute.rebuild()
    assert facts() == before
    take_in(web, "a", "e")
    assert UsageBatch.objects.filter(source="web").count() == 2


def test_batches_of_the_last_hour_and_those_not_judged_are_left_alone(account: Any) -> None:
    source = make_source()
    take_in(source, "a", "b")
    assert compact() == 0
    UsageBatch.objects.update(projected_at=None)
    with clock.at(LATER):
        assert compact() == 0


def test_a_group_ends_before_it_is_too_large(account: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(compaction, "LARGE", 2)
    take_in(make_source(), *"abcde")
    with clock.at(LATER):
        assert [len(group) for group in compaction.small_batches()] == [2, 2]


def test_a_batch_that_was_taken_back_meanwhile_is_not_merged(account: Any) -> None:
    take_in(make_source(), "a", "b")
    with clock.at(LATER):
        (former,) = compaction.small_batches()
        merged = compaction.MergedBatch(former)
        UsageBatch.objects.filter(pk=former[0]).update(reverted_at=clock.now())
        assert merged.take_place() is None
    assert UsageBatch.objects.count() == 2


def test_a_worker_that_dies_before_the_warehouse_knows_leaves_nothing_wrong(
    account: Any, monkeypatch: Any
) -> None:
    take_in(make_source(), "a", "b")
    before = facts()
    monkeypatch.setattr(type(warehouse()), "merge_batches", _die)
    with clock.at(LATER), pytest.raises(KeyboardInterrupt):
        compact()
    monkeypatch.undo()
    compute.refresh()
    assert facts() == before
    assert len(loaded()) == 1


def _die(*args: Any) -> None:
    raise KeyboardInterrupt
