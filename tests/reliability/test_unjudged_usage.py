"""Usage that came in when the worker died is judged all the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from banso.accounts.services.accounts import create_account
from banso.health.services import compute
from banso.health.services.install import install_defaults
from banso.health.services.sync import sync_warehouse
from banso.health.services.warehouse import close_warehouse
from banso.usage.models import UsageBatch, UsageProfile
from banso.usage.services.batches import accept_batch, revert_batches
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 15)


@pytest.fixture
def account(settings: Any, tmp_path: Path, stopped_clock: object) -> Any:
    settings.WAREHOUSE_PATH = tmp_path / "warehouse.duckdb"
    close_warehouse()
    install_defaults()
    yield create_account(actor=SYSTEM, name="Acme")
    close_warehouse()


def use(account: Any, *days: date, origin: str = "first") -> None:
    rows = {
        "account_id": [account.pk] * len(days),
        "user_key": ["u"] * len(days),
        "day": list(days),
        "feature": ["login"] * len(days),
        "value": [None] * len(days),
        "row_key": [f"{origin}{day}" for day in days],
        "events": [3] * len(days),
        "users": pa.array([1] * len(days), pa.int64()),
    }
    accept_batch(actor=SYSTEM, source="crm", kind="counted", table=pa.table(rows), origin=origin)


def used_days(account: Any) -> int:
    profile = UsageProfile.objects.filter(account_id=account.pk).first()
    return 0 if profile is None else len(str(profile.payload))


def test_the_worker_dies_between_loading_and_judging(account: Any) -> None:
    use(account, TODAY - timedelta(days=1))
    compute.refresh()
    before = used_days(account)
    late = [TODAY - timedelta(days=n) for n in range(30, 60)]
    use(account, *late, origin="late")
    # What the first worker did before it died.
    assert len(sync_warehouse().loaded) == 1
    again = compute.refresh()
    assert again.sync.loaded == []
    assert again.sync.first_day == min(late)
    assert again.filled is not None
    assert used_days(account) > before
    assert not UsageBatch.objects.filter(projected_at=None).exists()
    assert compute.refresh().sync.accounts == set()


def test_the_worker_dies_between_taking_out_and_judging(account: Any) -> None:
    use(account, TODAY - timedelta(days=1))
    use(account, *[TODAY - timedelta(days=n) for n in range(30, 60)], origin="late")
    compute.refresh()
    full = used_days(account)
    revert_batches(actor=SYSTEM, origin="late")
    assert len(sync_warehouse().removed) == 1
    compute.refresh()
    assert used_days(account) < full
    assert compute.refresh().sync.accounts == set()
