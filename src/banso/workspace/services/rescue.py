"""Taking up what a worker left behind when it died.

Wall clocks jump, so a running worker judges another by whether its sign of life moves while its own
monotonic clock runs; only one that starts, and has seen nothing yet, goes by the wall clock.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from banso.kit import clock
from banso.workspace.models import Job, WorkerHeartbeat
from banso.workspace.services import jobs
from banso.workspace.types import DEAD_AFTER, JobStatus

STOPPED = "The worker stopped in the middle."
#: A retry that is due later than this was planned under a clock that has been put back since.
_LATEST_RETRY = 2 * timedelta(seconds=max(jobs.BACKOFF_SECONDS))


class Watch:
    """What one worker has seen of the others' signs of life."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[datetime, float]] = {}

    def living(self) -> set[str]:
        """Workers whose sign of life has moved lately; those that died are forgotten."""
        now = time.monotonic()
        rows = dict(WorkerHeartbeat.objects.values_list("worker_id", "seen_at"))
        for worker, seen_at in rows.items():
            if self._seen.get(worker, (None, now))[0] != seen_at:
                self._seen[worker] = (seen_at, now)
        limit = now - DEAD_AFTER.total_seconds()
        dead = {worker for worker in rows if self._seen[worker][1] < limit}
        WorkerHeartbeat.objects.filter(worker_id__in=dead).delete()
        return rows.keys() - dead


def rescue_abandoned(watch: Watch | None = None) -> int:
    """Queue again what dead workers left, and return how many jobs.

    A job that brought down its worker as often as a job may be tried is given up.
    """
    now = clock.now()
    living = watch.living() if watch else _living_at(now)
    abandoned = Job.objects.filter(status=JobStatus.RUNNING).exclude(worker_id__in=living)
    rescued = sum(jobs.retry_or_give_up(job, STOPPED, at_once=True) for job in abandoned)
    return rescued + _queue_unclaimed(living, now)


def _living_at(now: datetime) -> set[str]:
    beats = WorkerHeartbeat.objects.filter(seen_at__gt=now - DEAD_AFTER)
    return set(beats.values_list("worker_id", flat=True))


@transaction.atomic
def _queue_unclaimed(living: set[str], now: datetime) -> int:
    """Queue jobs whose place in the queue went down with a worker before it could begin them."""
    waiting = set(Job.objects.filter(status=JobStatus.QUEUED).values_list("pk", flat=True))
    open_results = DBTaskResult.objects.filter(
        task_path=jobs.run_job.module_path,
        status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
    )
    open_results.filter(
        status=TaskResultStatus.READY,
        run_after__gt=now + _LATEST_RETRY,
        run_after__year__lt=9999,
    ).update(run_after=now)
    gone = []
    for result in open_results:
        if result.status == TaskResultStatus.READY or living & set(result.worker_ids):
            waiting -= set(result.args_kwargs["args"])
        else:
            gone.append(result.pk)
    DBTaskResult.objects.filter(pk__in=gone).update(status=TaskResultStatus.FAILED, finished_at=now)
    for job in waiting:
        jobs.run_job.enqueue(job)
    return len(waiting)
