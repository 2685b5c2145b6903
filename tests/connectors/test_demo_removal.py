"""The demo company goes with everything that came with it, and with nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from banso.accounts.models import Account
from banso.connectors.models import ImportRun, SavedMapping
from banso.connectors.services.demo import SOURCE, start_removal
from banso.usage.models import Feature
from banso.workspace.models import AuditEntry, Job
from banso.workspace.selectors import actor_of
from banso.workspace.services import jobs

ACCOUNTS = "external_id,name\n{id},{name}\n"
USAGE = "account,day,user,feature,events\n{id},2026-04-01,u1,{feature},3\n"


@pytest.fixture
def demo(bring: Any, stopped_clock: Any) -> Any:
    bring("accounts", ACCOUNTS.format(id="d1", name="Demo"), source=SOURCE)
    bring("usage", USAGE.format(id="d1", feature="estimate"), source=SOURCE)
    return bring


def remove(people: dict[str, Any]) -> Job:
    job: Job = start_removal(actor=actor_of(people["admin"]))
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    return job


def test_it_leaves_an_empty_installation_in_the_name_of_who_asked(
    demo: Any, people: dict[str, Any]
) -> None:
    assert Feature.objects.filter(key="estimate").exists()
    assert remove(people).result == {"accounts": 1}
    assert not Account.objects.exists()
    assert not ImportRun.objects.exists()
    assert not SavedMapping.objects.exists()
    assert not Feature.objects.exists()
    done = AuditEntry.objects.filter(action__in=("accounts.removed", "features.removed"))
    assert {entry.actor_id for entry in done} == {people["admin"].pk}


def test_ones_own_data_and_the_names_given_to_its_features_stay(
    demo: Any, people: dict[str, Any]
) -> None:
    demo("accounts", "external_id,name,industry\no1,Own,IT\n")
    demo("usage", "account,day,feature,events\no1,2026-04-01,report,3\n")
    Feature.objects.filter(key="report").update(name="Reports", is_core=True)
    remove(people)
    assert list(Account.objects.values_list("name", flat=True)) == ["Own"]
    assert Feature.objects.get(key="report").name == "Reports"
