"""Forgetting what nobody reads any more: finished places in the queue and sessions that ended."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from banso.kit import clock
from banso.workspace.services.jobs import JobHandle

JOB_KIND = "workspace.tidy"
#: Long enough to look into what went wrong; what a job did stays with the job itself.
KEEP_FINISHED = timedelta(days=30)


def work_on_tidying(job: JobHandle) -> dict[str, int]:
    """Delete finished queue entries of more than 30 days ago and sessions that have expired."""
    del job
    now = clock.now()
    finished = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_FINISHED)
    entries, _ = finished.delete()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    return {"queue_entries": entries, "sessions": sessions}
