"""What operators read of jobs, worker and database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from banso.workspace.models import Job, WorkerHeartbeat
from banso.workspace.services import readings
from banso.workspace.types import JobStatus

pytestmark = pytest.mark.django_db


def test_failures_count_for_a_day(stopped_clock: datetime) -> None:
    for status, hours in (
        (JobStatus.QUEUED, None),
        (JobStatus.QUEUED, None),
        (JobStatus.FAILED, 23),
        (JobStatus.FAILED, 25),
        (JobStatus.DONE, 1),
    ):
        ended = stopped_clock - timedelta(hours=hours) if hours else None
        Job.objects.create(kind="k", status=status, created_at=stopped_clock, finished_at=ended)
    assert readings.jobs_by_status() == {("queued",): 2, ("running",): 0, ("failed",): 1}


def test_the_worker_seen_last_counts(stopped_clock: datetime) -> None:
    assert readings.seconds_since_worker() == {}
    for seconds in (4, 400):
        seen = stopped_clock - timedelta(seconds=seconds)
        WorkerHeartbeat.objects.create(worker_id=f"{seconds}", started_at=seen, seen_at=seen)
    assert readings.seconds_since_worker() == {(): 4}


def test_the_database_has_a_size() -> None:
    assert readings.database_bytes()[()] > 100_000
