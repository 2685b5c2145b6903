"""Background work: progress, failures, cancelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.health.services.requests import TRY_METRIC, TRY_RULE
from banso.usage.selectors.sources import any_source
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.inbox import inbox_context
from banso.web.views.settings.words import JOB_NOTES, JOB_STATUS, JOBS, label
from banso.workspace import selectors
from banso.workspace.services import jobs as job_services
from banso.workspace.types import JobStatus

if TYPE_CHECKING:
    from banso.workspace.models import Job

PER_PAGE = 50
ALIVE = (JobStatus.QUEUED, JobStatus.RUNNING)


def job_row(job: Job, reader: Reader) -> dict[str, Any]:
    """One job as pages show it; ``percent`` is null while nobody knows how much there is to do."""
    alive = job.status in ALIVE
    return {
        "job": job,
        "label": label(JOBS, job.kind),
        "status": label(JOB_STATUS, job.status),
        "alive": alive,
        "note": label(JOB_NOTES, job.note),
        "percent": round(100 * job.done / job.total) if job.total else None,
        "seconds": _seconds(job),
        "cancellable": (
            alive and not job.cancel_requested and reader.may("workspace.cancel_job", job)
        ),
    }


def _seconds(job: Job) -> int | None:
    if job.started_at is None or job.finished_at is None:
        return None
    return round((job.finished_at - job.started_at).total_seconds())


def _context(request: HttpRequest) -> dict[str, Any]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    # A trial that is done has been answered where it was asked.
    found = selectors.jobs().exclude(kind__in=(TRY_METRIC, TRY_RULE), status=JobStatus.DONE)
    status = request.GET.get("status", "")
    if status in JOB_STATUS:
        found = found.filter(status=status)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [job_row(job, reader) for job in page]
    return {
        "page": page,
        "rows": rows,
        "status": status,
        "statuses": JOB_STATUS,
        "alive": any(row["alive"] for row in rows),
        **inbox_context(),
    }


@access("workspace.jobs")
def jobs(request: HttpRequest) -> HttpResponse:
    """All background work, newest first; the part that moves is asked for again by itself."""
    context = _context(request)
    if request.headers.get("HX-Request"):
        return render(request, "settings/_jobs.html", context)
    reader: Reader = request.reader  # type: ignore[attr-defined]
    context["has_sources"] = reader.may("usage.view_sources") and any_source()
    return render_section(request, "jobs", "jobs", context)


@access("workspace.jobs")
@require_POST
def cancel_job(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask a job to stop at the next point where it may."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    job_services.cancel(actor=reader.actor, job=selectors.job_by_uid(uid))
    messages.success(request, _("The work stops at its next safe point."))
    return redirect("settings-jobs")
