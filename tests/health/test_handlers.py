"""What happens anywhere in the house reaches the scores by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from banso.accounts.events import AccountChanged, AccountCreated
from banso.health.services import compute
from banso.health.services.judgement import set_override
from banso.workspace.services import events
from banso.workspace.services.company import change_company, pin_day
from banso.workspace.types import SYSTEM

TODAY = date(2026, 4, 15)
Capture = Callable[..., Any]


def queued() -> list[str]:
    from banso.workspace.models import Job

    return sorted(Job.objects.filter(status="queued").values_list("kind", flat=True))


def due() -> list[int]:
    from banso.health.selectors.due import due_accounts

    return list(due_accounts().values())


def work() -> None:
    from banso.workspace.models import Job
    from banso.workspace.services import jobs

    for job in Job.objects.filter(status="queued").order_by("id"):
        jobs.run_job.func(job.pk)
        job.refresh_from_db()
        assert job.status == "done", job.error


def test_a_new_account_is_in_lists_at_once(
    house: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    account = house.account("New")
    with django_capture_on_commit_callbacks(execute=True):
        events.publish(AccountCreated(account.pk))
    assert house.pulse(account).score is None
    assert due() == [account.pk]
    assert queued() == []


def test_usage_that_comes_in_is_scored_by_the_worker(
    house: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    account = house.account("Acme")
    with django_capture_on_commit_callbacks(execute=True):
        house.use(account, TODAY - timedelta(days=60), 61)
        house.use(account, TODAY, 1, feature="mail")
    assert queued() == ["health.refresh"]
    work()
    assert house.pulse(account).band == "healthy"
    assert house.pulse(account).change_7 is not None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda: pin_day(day=TODAY - timedelta(days=5)), ["health.refresh"]),
        (
            lambda: change_company(actor=SYSTEM, exchange_rates={"USD": "150"}),
            ["health.history", "health.refresh"],
        ),
        (lambda: change_company(actor=SYSTEM, name="Other"), []),
        (lambda: events.publish(AccountChanged(1, frozenset({"phone"}))), []),
    ],
)
def test_only_what_matters_is_computed_again(
    house: Any,
    django_capture_on_commit_callbacks: Capture,
    change: Callable[[], object],
    expected: list[str],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        change()
    assert queued() == expected


def test_an_account_of_another_stage_is_judged_anew_without_all_others(
    house: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    account = house.account("Acme")
    with django_capture_on_commit_callbacks(execute=True):
        events.publish(AccountChanged(account.pk, frozenset({"lifecycle"})))
    assert (due(), queued()) == ([account.pk], [])


def test_a_judgement_counts_as_soon_as_the_worker_ran(
    house: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    account = house.account("Acme")
    house.use(account, TODAY - timedelta(days=30), 31)
    with django_capture_on_commit_callbacks(execute=True):
        until = TODAY + timedelta(days=5)
        set_override(actor=SYSTEM, account=account, score=5, reason="Merger", until=until)
    assert due() == [account.pk]
    compute.refresh()
    assert house.pulse(account).band == "danger"
    assert due() == []
