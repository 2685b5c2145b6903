"""Background jobs: queued in the database, run at least once, watched and cancelled by people.

The queue is django-tasks'; this module adds what it lacks: progress, cancelling, retry with
backoff, and one waiting job per key. A handler must be idempotent, because a worker that dies in
the middle is replaced and its job runs again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from banso.kit import clock
from banso.kit.errors import BansoError, ConflictError
from banso.workspace.models import Job
from banso.workspace.policies import require
from banso.workspace.types import Actor, JobStatus

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
BACKOFF_SECONDS = (5, 30, 120, 600)
#: Rows of progress cost a write each, so they are written at most this often.
PROGRESS_EVERY_SECONDS = 0.3

worker_id: ContextVar[str] = ContextVar("banso_worker_id", default="")
#: Told of every progress of jobs in this process; the command line shows it.
watcher: ContextVar[Callable[[int, int, str], None] | None] = ContextVar("watcher", default=None)
Handler = Callable[["JobHandle"], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}
_absorbing: set[str] = set()


class JobCancelledError(Exception):
    """Raised inside a handler, at a point where it may stop, after somebody cancelled the job."""


class JobHandle:
    """What a handler sees of its job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self._last = -PROGRESS_EVERY_SECONDS

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Say how far the work is; call it between transactions.

        Raises:
            JobCancelledError: somebody cancelled the job.
        """
        if time.monotonic() - self._last < PROGRESS_EVERY_SECONDS:
            return
        self._last = time.monotonic()
        if watch := watcher.get():
            watch(done, total, note)
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, note=note[:200])
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelledError


def register(kind: str, handler: Handler, *, absorbs: bool = False) -> None:
    """Name the function that does jobs of a kind; called by a room's ``apps``.

    Args:
        absorbs: a run also does the work of the jobs of its kind and parameters that were waiting
            when it began, because it starts from whatever there is; they end with its result.
    """
    _handlers[kind] = handler
    _absorbing.discard(kind)
    if absorbs:
        _absorbing.add(kind)


def start(*, actor: Actor, kind: str, params: dict[str, Any] | None = None, key: str = "") -> Job:
    """Queue a job; with a key, the one that already waits under it is returned instead."""
    if kind not in _handlers:
        raise ValueError(f"Nobody does jobs of kind {kind}.")
    if waiting := _waiting(key):
        return waiting
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                key=key,
                params=params or {},
                started_by_id=actor.user_id,
                created_at=clock.now(),
            )
            run_job.enqueue(job.pk)
    except IntegrityError:
        # Somebody else was quicker, or something else is wrong with the job.
        if waiting := _waiting(key):
            return waiting
        raise
    return job


def _waiting(key: str) -> Job | None:
    return Job.objects.filter(key=key, status=JobStatus.QUEUED).first() if key else None


def cancel(*, actor: Actor, job: Job) -> None:
    """Ask a job to stop; one that has not started ends at once.

    Raises:
        ConflictError: it has already ended.
        ForbiddenError: somebody else started it and the actor leads nobody.
    """
    require(actor, "workspace.cancel_job", job)
    queued = Job.objects.filter(pk=job.pk, status=JobStatus.QUEUED)
    if queued.update(status=JobStatus.CANCELLED, finished_at=clock.now(), cancel_requested=True):
        return
    if not Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(cancel_requested=True):
        raise ConflictError(_("This job has already ended."), code="job-ended")


@task()
def run_job(job_id: int) -> None:
    """Run one job now, in this process; does nothing when another worker has it."""
    claimed = Job.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(
        status=JobStatus.RUNNING,
        attempts=F("attempts") + 1,
        started_at=clock.now(),
        worker_id=worker_id.get(),
    )
    if claimed:
        _run(Job.objects.get(pk=job_id))


def _run(job: Job) -> None:
    # Every line that is logged on the way says which job it belongs to.
    with structlog.contextvars.bound_contextvars(job=job.pk, kind=job.kind):
        _try(job)


def _try(job: Job) -> None:
    try:
        result = _handlers[job.kind](JobHandle(job))
    except JobCancelledError:
        _finish(job, JobStatus.CANCELLED)
    except BansoError as error:
        _finish(job, JobStatus.FAILED, error=str(error))
    except Exception as error:
        logger.exception("job failed")
        retry_or_give_up(job, f"{type(error).__name__}: {error}")
    else:
        _finish(job, JobStatus.DONE, result=result)
        if job.kind in _absorbing:
            _absorb(job, result)


def _absorb(job: Job, result: Any) -> None:
    same = Job.objects.filter(kind=job.kind, params=job.params, status=JobStatus.QUEUED)
    same.filter(created_at__lte=job.started_at).update(
        status=JobStatus.DONE, result=result, finished_at=clock.now()
    )


def waits(kind: str) -> bool:
    """Whether a job of the kind is in the queue."""
    return Job.objects.filter(kind=kind, status=JobStatus.QUEUED).exists()


def is_under_way(*kinds: str) -> bool:
    """Whether a job of one of the kinds is in the queue or being done."""
    unfinished = (JobStatus.QUEUED, JobStatus.RUNNING)
    return Job.objects.filter(kind__in=kinds, status__in=unfinished).exists()


def _this_attempt(job: Job) -> QuerySet[Job]:
    """The job while this attempt is its latest: a worker thought dead must not end another's."""
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempts=job.attempts)


def _finish(job: Job, status: JobStatus, *, error: str = "", result: Any = None) -> bool:
    ended = {"status": status, "error": error, "result": result, "finished_at": clock.now()}
    return bool(_this_attempt(job).update(**ended))


@transaction.atomic
def retry_or_give_up(job: Job, error: str, *, at_once: bool = False) -> bool:
    """Put a failed or abandoned attempt back into the queue; true when it will run again.

    A job that was tried often enough fails. One whose key is taken by a newer waiting job ends:
    that one does the same work. Two that do this at once do it once.
    """
    if job.attempts >= MAX_ATTEMPTS:
        _finish(job, JobStatus.FAILED, error=error)
        return False
    if _waiting(job.key):
        _finish(job, JobStatus.CANCELLED, error=error)
        return False
    if not _this_attempt(job).update(status=JobStatus.QUEUED, error=error, worker_id=""):
        return False
    delay = 0 if at_once else BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1]
    run_job.using(run_after=clock.now() + timedelta(seconds=delay)).enqueue(job.pk)
    return True
