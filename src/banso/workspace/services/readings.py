"""Figures of the workspace for operators, read from the database."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Count, Max

from banso.kit import clock
from banso.workspace.models import Job, WorkerHeartbeat
from banso.workspace.services import gauges
from banso.workspace.types import JobStatus

_UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)
_LATELY = timedelta(days=1)
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def jobs_by_status() -> gauges.Figures:
    """Jobs that wait and run now, and those that failed within a day."""
    found = Job.objects.filter(status__in=_UNFINISHED).values_list("status")
    counts = dict(found.annotate(count=Count("id")).order_by())
    recent = clock.now() - _LATELY
    failed = Job.objects.filter(status=JobStatus.FAILED, finished_at__gt=recent).count()
    return {
        **{(status.value,): float(counts.get(status, 0)) for status in _UNFINISHED},
        (JobStatus.FAILED.value,): float(failed),
    }


def seconds_since_worker() -> gauges.Figures:
    """How long ago a worker gave a sign of life; nothing before the first one."""
    seen = WorkerHeartbeat.objects.aggregate(at=Max("seen_at"))["at"]
    return {(): (clock.now() - seen).total_seconds()} if seen else {}


def database_bytes() -> gauges.Figures:
    """How large the database is."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZE[connection.vendor])
        return {(): float(cursor.fetchone()[0])}


def offer() -> None:
    """Offer all of them; called once at start-up."""
    gauges.reading(
        "banso_jobs", "Jobs waiting and running, and failed within a day", jobs_by_status, ["state"]
    )
    gauges.reading(
        "banso_worker_seen_seconds", "Seconds since a worker was seen", seconds_since_worker
    )
    gauges.reading("banso_database_bytes", "Size of the database", database_bytes)
