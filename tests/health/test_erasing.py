"""What is erased is gone from the warehouse and from everything that was made of it."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from banso.accounts.models import Account, Contact
from banso.health.models import ScoreMonth
from banso.health.services import compute
from banso.health.services.live import take_in_everything
from banso.health.services.warehouse import warehouse
from banso.kit import clock
from banso.usage.models import EventSource, UsageBatch
from banso.usage.selectors.batches import batch_rows
from banso.usage.selectors.profile import profile_of
from banso.usage.services.erasing import request_account_erasure, request_contact_erasure
from banso.usage.services.erasure import erase_account, erase_contact, erase_person
from banso.workspace.models import Job
from banso.workspace.selectors import actor_of
from banso.workspace.services.jobs import run_job
from banso.workspace.types import SYSTEM
from tests.conftest import Open
from tests.health.conftest import Furnished, House, furnish
from tests.usage.collected import arrive, group, identify, make_source, track

DAYS = 5


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), two_companies)


@pytest.fixture
def source(house: House, furnished: Furnished) -> Any:
    """Where events of the users of two companies came from."""
    return EventSource.objects.get(pk=furnished.made.pk)


def two_companies(house: House) -> Any:
    source, now = make_source(), clock.now()
    arrive(
        source,
        group("g1", "A-canary", userId="u-canary", traits={"name": "Canary", "x": "canary"}),
        group("g2", "B", userId="u-canary", traits={"name": "Two"}),
        identify("i1", userId="u-canary", traits={"name": "C", "email": "c@canary.example"}),
    )
    for day in range(DAYS):
        at = {"timestamp": (now - timedelta(days=day)).isoformat()}
        arrive(
            source,
            track("Canary", key=f"a{day}-canary", userId="u-canary", groupId="A-canary", **at),
            track(key=f"b{day}", userId="u-canary", groupId="B", **at),
            track(key=f"c{day}", userId="other", groupId="B", **at),
        )
    take_in_everything()
    compute.refresh()
    return source


def texts() -> str:
    """Every text of the warehouse, and every row of the database with open payloads."""
    found = []
    for name in warehouse().query("SELECT table_name FROM duckdb_tables()")["table_name"]:
        found += [str(row) for row in warehouse().query(f"FROM {name}").to_pylist()]
    for model in apps.get_models():
        found += [str(row) for row in model._default_manager.values()]
    for batch in UsageBatch.objects.all():
        found += [str(row) for row in batch_rows(batch.pk).to_pylist()]
    profiles = [profile_of(account) for account in Account.objects.all()]
    return "\n".join([*found, *map(str, profiles)]).lower()


def events_of(account: Account) -> list[tuple[int, int]]:
    sql = f"SELECT events, users FROM account_days WHERE account_id = {account.pk} ORDER BY day"
    return [(row["events"], row["users"]) for row in warehouse().query(sql).to_pylist()]


def test_a_person_is_gone_and_others_are_judged_without_him(source: Any) -> None:
    two = Account.objects.get(name="Two")
    assert events_of(two) == [(2, 2)] * DAYS
    assert "u-canary" in texts()
    erase_person(actor=SYSTEM, source="web", user_key="u-canary")
    assert profile_of(two) is None
    compute.refresh()
    assert "u-canary" not in texts()
    assert "canary.example" not in texts()
    assert events_of(two) == [(1, 1)] * DAYS
    assert profile_of(two).users_seen == 1
    assert not UsageBatch.objects.exclude(stale_at=None).exists()
    before = texts()
    compute.rebuild()
    assert events_of(two) == [(1, 1)] * DAYS
    assert "u-canary" not in before


def test_an_account_is_gone_with_what_is_known_only_from_it(
    source: Any, caplog: pytest.LogCaptureFixture
) -> None:
    arrive(source, track("Canary", key="w1-canary", userId="u-canary", groupId="A-canary"))
    with caplog.at_level(logging.DEBUG):
        erase_person(actor=SYSTEM, source="web", user_key="u-canary")
        erase_account(actor=SYSTEM, account=Account.objects.get(name="Canary"))
        compute.refresh()
        take_in_everything()
    # The features of the company's own product and their names are its own.
    left = texts().replace("'key': 'canary'", "")
    assert "canary" not in left
    assert "canary" not in caplog.text.lower()
    assert [one.name for one in Account.objects.all()] == ["Two"]
    assert {month.account.name for month in ScoreMonth.objects.all()} <= {"Two"}


def test_a_worker_that_dies_before_the_warehouse_knows_erases_nonetheless(
    source: Any, monkeypatch: Any
) -> None:
    two = Account.objects.get(name="Two")
    erase_person(actor=SYSTEM, source="web", user_key="u-canary")
    monkeypatch.setattr("banso.health.services.compute.runs.compute_current", _die)
    with pytest.raises(KeyboardInterrupt):
        compute.refresh()
    monkeypatch.undo()
    assert UsageBatch.objects.exclude(stale_at=None).exists()
    compute.refresh()
    assert events_of(two) == [(1, 1)] * DAYS
    assert profile_of(two).users_seen == 1


def test_a_batch_without_any_rows_left_is_known(source: Any) -> None:
    erase_person(actor=SYSTEM, source="web", user_key="u-canary")
    erase_person(actor=SYSTEM, source="web", user_key="other")
    assert compute.refresh().sync.loaded == []
    again = compute.refresh().sync
    assert (again.loaded, again.removed, again.stale) == ([], [], [])
    assert warehouse().query("FROM raw_events").num_rows == 0
    compute.rebuild()
    assert compute.refresh().sync.loaded == []


def test_a_contact_goes_with_his_use_of_the_account(source: Any) -> None:
    two = Account.objects.get(name="Two")
    erase_contact(actor=SYSTEM, contact=Contact.objects.get(account=two))
    compute.refresh()
    assert "u-canary" not in texts()
    assert not Contact.objects.exists()


def test_erasing_in_the_background_may_be_done_twice(source: Any, people: Any) -> None:
    two, canary = Account.objects.get(name="Two"), Account.objects.get(name="Canary")
    request_contact_erasure(
        actor=actor_of(people["admin"]), contact=Contact.objects.get(account=two)
    )
    request_account_erasure(actor=actor_of(people["admin"]), account=canary)
    for job in Job.objects.filter(kind="usage.erase"):
        assert "canary" not in json.dumps(job.params)
        for _time in range(2):
            Job.objects.filter(pk=job.pk).update(status="queued")
            run_job.func(job.pk)
        job.refresh_from_db()
        assert job.status == "done"
    assert [one.name for one in Account.objects.all()] == ["Two"]


def _die(*args: Any, **options: Any) -> None:
    raise KeyboardInterrupt
