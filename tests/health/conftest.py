"""An installation with a warehouse of its own, and short ways to fill it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.test import override_settings

from banso.kit import clock
from tests.conftest import Open

TODAY = date(2026, 4, 15)
_numbers = count(1)


@dataclass(frozen=True)
class Furnished:
    """What the tests of a module find: what was made, and the warehouse that belongs to it."""

    made: Any
    path: Path
    given: dict[str, str]


def furnish(opened: Open, folder: Path, make: Callable[[House], Any]) -> Furnished:
    """Fill a company once for a module, whose fixture ``furnished`` this is to be.

    Args:
        make: what it returns is ``made``; a test takes it from the database for itself.
    """
    from banso.health.services import warehouse
    from banso.health.services.install import install_defaults

    path = folder / "warehouse.duckdb"
    warehouse.close_warehouse()
    with opened(), override_settings(WAREHOUSE_PATH=path):
        install_defaults()
        made = make(House())
        given = dict(warehouse.given)
        warehouse.close_warehouse()
    return Furnished(made, path, given)


@pytest.fixture
def house(
    furnished: Furnished | None,
    db: None,
    tmp_path: Path,
    settings: Any,
    stopped_clock: datetime,
) -> Iterator[House]:
    """A company on 15 April 2026 with the defaults installed, and a warehouse of its own.

    It has what its module has furnished it with, or else is empty.
    """
    from banso.health.services import warehouse
    from banso.health.services.install import install_defaults

    warehouse.close_warehouse()
    settings.WAREHOUSE_PATH = tmp_path / "warehouse.duckdb"
    if furnished:
        shutil.copy(furnished.path, settings.WAREHOUSE_PATH)
        warehouse.given.update(furnished.given)
    else:
        install_defaults()
    yield House()
    warehouse.close_warehouse()


class House:
    """Writes accounts, contracts and usage as an import would."""

    def account(self, name: str, **fields: Any) -> Any:
        from banso.accounts.models import Account

        now = clock.now()
        return Account.objects.create(name=name, created_at=now, updated_at=now, **fields)

    def line(self, account: Any, start: date, end: date | None = None, **fields: Any) -> Any:
        from banso.contracts.models import Product, Subscription, SubscriptionLine

        product, _ = Product.objects.get_or_create(key="plan", defaults={"name": "Plan"})
        values = {
            "mrr_minor": 10_000,
            "currency": "JPY",
            "seats": 10,
            "billing_period_months": 12,
            **fields,
        }
        subscription = Subscription.objects.create(
            account=account, currency=values["currency"], started_on=start, ended_on=end
        )
        return SubscriptionLine.objects.create(
            subscription=subscription,
            account=account,
            product=product,
            start_on=start,
            end_on=end,
            external_id=f"line-{next(_numbers)}",
            **values,
        )

    def use(
        self, account: Any, first: date, days: int, *, users: int = 5, feature: str = "report"
    ) -> list[Any]:
        """Every one of so many people uses a feature twice on each of the days."""
        rows = [
            (f"{account.pk}-{feature}-{day}-{user}", f"u{user}", first + timedelta(days=day))
            for day in range(days)
            for user in range(users)
        ]
        return self.batch(
            pa.table(
                {
                    "row_key": [key for key, _user, _day in rows],
                    "account_id": pa.array([account.pk] * len(rows), pa.int64()),
                    "user_key": [user for _key, user, _day in rows],
                    "day": pa.array([day for _key, _user, day in rows], pa.date32()),
                    "feature": [feature] * len(rows),
                    "events": pa.array([2] * len(rows), pa.int64()),
                }
            )
        )

    def batch(self, table: pa.Table, *, origin: str = "", kind: str = "counted") -> list[Any]:
        from banso.usage.services.batches import accept_batch
        from banso.workspace.types import SYSTEM

        return accept_batch(actor=SYSTEM, source="test", kind=kind, table=table, origin=origin)

    def pulse(self, account: Any) -> Any:
        from banso.health.models import Pulse

        return Pulse.objects.get(pk=account.pk)

    def at(self, day: date) -> Any:
        """The clock at noon UTC of a day."""
        return clock.at(datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC))
