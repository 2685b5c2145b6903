"""An installation with many accounts and a year of their events in store, for live benchmarks.

The warehouse is the generator's; accounts, subscriptions and the note of what the warehouse holds
are written beside it, and every account is judged once, as after an import.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from uuid import UUID, uuid5

from generator import AS_OF, SIZES, prepared

ROOT = Path(__file__).resolve().parent.parent
NAMESPACE = UUID("6f1f7a52-8f0c-4a6e-9d8f-2f6d3f1f6a10")
PASSWORD = "bench-pass-2026"
LEADER = "leader@bench.example"


def uid_of(account: int) -> UUID:
    """The public id of an account."""
    return uuid5(NAMESPACE, str(account))


def use(folder: Path) -> None:
    """Have this process work in a data directory."""
    os.environ["BANSO_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
    sys.path.insert(0, str(ROOT / "src"))
    import django

    import banso.config  # noqa: F401 - takes the SQLite that is safe

    django.setup()


def build(folder: Path, size: str, cache: Path) -> None:
    """Fill an empty data directory, unless it has been filled before."""
    done = folder / "world.done"
    folder.mkdir(parents=True, exist_ok=True)
    if done.exists():
        use(folder)
        _prepare_again()
        return
    warehouse = prepared(SIZES[size], cache)
    use(folder)
    from banso.config.cli.prepare import prepare

    prepare()
    shutil.copyfile(warehouse, folder / "warehouse.duckdb")
    _fill(SIZES[size].accounts)
    began = time.perf_counter()
    _judge()
    done.write_text(f"{time.perf_counter() - began:.1f}")


def _prepare_again() -> None:
    """Let this version of the code run on it without judging everybody once more."""
    from django_tasks_db.models import DBTaskResult

    from banso.config.cli.prepare import prepare
    from banso.workspace.models import Job

    prepare()
    Job.objects.all().delete()
    DBTaskResult.objects.all().delete()


def _fill(accounts: int) -> None:
    from django.db import transaction

    from banso.kit import clock
    from banso.workspace.services.company import pin_day
    from banso.workspace.services.people import create_user
    from banso.workspace.types import SYSTEM, Role

    create_user(
        actor=SYSTEM, email=LEADER, name="Bench", role=Role.LEADER, password=PASSWORD, language="en"
    )
    pin_day(day=AS_OF)
    with transaction.atomic():
        _accounts(accounts, clock.now())


def _accounts(count: int, now: object) -> None:
    from datetime import timedelta

    from banso.accounts.models import Account, AccountKey
    from banso.contracts.models import Product, Subscription, SubscriptionLine

    numbers = range(1, count + 1)
    begin = AS_OF - timedelta(days=400)
    Account.objects.bulk_create(
        (
            Account(
                id=n, uid=uid_of(n), name=f"Company {n}", name_key=f"company {n}",
                search_text=f"company {n}", created_at=now, updated_at=now,
            )
            for n in numbers
        ),
        batch_size=2_000,
    )  # fmt: skip
    AccountKey.objects.bulk_create(
        (AccountKey(account_id=n, source="bench", external_id=f"a{n}") for n in numbers),
        batch_size=2_000,
    )
    product = Product.objects.create(key="plan", name="Plan")
    Subscription.objects.bulk_create(
        (Subscription(id=n, account_id=n, currency="JPY", started_on=begin) for n in numbers),
        batch_size=2_000,
    )
    SubscriptionLine.objects.bulk_create(
        (
            SubscriptionLine(
                subscription_id=n, account_id=n, product=product, start_on=begin,
                mrr_minor=50_000 + n % 1000, currency="JPY", seats=20, billing_period_months=12,
                external_id=f"line-{n}",
            )
            for n in numbers
        ),
        batch_size=2_000,
    )  # fmt: skip


def _judge() -> None:
    from banso.health.services import compute
    from banso.health.services.warehouse import close_warehouse, warehouse
    from banso.kit import clock
    from banso.usage.models import UsageBatch

    now = clock.now()
    held = warehouse().query("SELECT batch_id, kind, new FROM loaded_batches").to_pylist()
    # The rows themselves lie in the warehouse only: nobody rebuilds this one.
    UsageBatch.objects.bulk_create(
        UsageBatch(
            id=row["batch_id"], source="bench", kind=row["kind"], rows=row["new"], payload=b"",
            projected_at=now, created_at=now, last_day=AS_OF,
        )
        for row in held
    )  # fmt: skip
    compute.refresh(fill=False)
    close_warehouse()
