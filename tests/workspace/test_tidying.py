"""The queue and the sessions do not grow for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from banso.workspace import tasks
from banso.workspace.models import Job
from banso.workspace.services import jobs, tidying
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


def tidy() -> dict[str, int]:
    job = jobs.start(actor=SYSTEM, kind=tidying.JOB_KIND)
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    return job.result


def finished(days_ago: int, now: datetime, status: TaskResultStatus) -> DBTaskResult:
    entry = DBTaskResult.objects.get(pk=jobs.run_job.enqueue(0).id)
    entry.status, entry.finished_at = status, now - timedelta(days=days_ago)
    entry.save()
    return entry


def test_finished_entries_of_the_queue_go_after_thirty_days(stopped_clock: datetime) -> None:
    old = [
        finished(31, stopped_clock, status)
        for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    ]
    young = finished(29, stopped_clock, TaskResultStatus.SUCCESSFUL)
    waiting = DBTaskResult.objects.get(pk=jobs.run_job.enqueue(0).id)
    assert tidy()["queue_entries"] == 2
    left = set(DBTaskResult.objects.values_list("pk", flat=True))
    assert left & {entry.pk for entry in [*old, young, waiting]} == {young.pk, waiting.pk}


def test_sessions_go_when_they_have_expired_and_jobs_stay(stopped_clock: datetime) -> None:
    for key, hours in (("over", -1), ("open", 1)):
        expires = stopped_clock + timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    with_job = tidy()
    assert with_job["sessions"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    assert Job.objects.count() == 1


def test_it_is_done_every_night() -> None:
    assert tasks._periodic[tidying.JOB_KIND].kind == tidying.JOB_KIND
