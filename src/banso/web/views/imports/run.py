"""The check of an import, its run, its report, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.connectors.selectors import problems_of, run_by_uid, shown, worded_again
from banso.connectors.services import checks, runs, undo
from banso.connectors.services.error_file import error_file
from banso.connectors.types import ImportStatus
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.imports.words import KINDS, PROBLEMS, STATUS, TONES, UNDO_REASONS
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.jobs import job_row
from banso.workspace.selectors import live_workers
from banso.workspace.services import jobs as job_services
from banso.workspace.services.company import pin_day
from banso.workspace.types import JobStatus

if TYPE_CHECKING:
    from banso.connectors.models import ImportRun

PER_PAGE = 50
ALIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
WORKING = (ImportStatus.RUNNING, ImportStatus.UNDOING)
RAN = (ImportStatus.DONE, ImportStatus.FAILED, ImportStatus.CANCELLED, ImportStatus.UNDONE)


def _worded(item: dict[str, Any]) -> dict[str, Any]:
    message, remedy = worded_again(item)
    return {**item, "message": message, "remedy": remedy}


def _check_context(run: ImportRun) -> dict[str, Any]:
    """What the dry run found."""
    check = run.report.get("check")
    problems = [_worded(item) for item in run.report.get("check_problems", ())]
    error = run.report.get("check_error")
    context: dict[str, Any] = {"check": check, "problems": problems}
    if check:
        context["codes"] = _codes(check["by_code"])
        context["counts"] = _counts(check, run.rows_total - check["done"])
    if error:
        context["check_error"] = _worded(error)
    return context


def _codes(by_code: dict[str, int]) -> list[dict[str, Any]]:
    """Codes of problems with how often they occurred, the most frequent first."""
    ordered = sorted(by_code.items(), key=lambda pair: -pair[1])
    return [{"code": c, "word": PROBLEMS.get(c, c), "count": count} for c, count in ordered]


def _counts(source: Any, passed_over: int) -> list[tuple[str, int, str]]:
    """What became of the rows; rows that the mapping leaves out only where there are any."""

    def get(key: str) -> int:
        return int(source[key] if isinstance(source, dict) else getattr(source, key))

    return [
        (_("New"), get("new"), ""),
        (_("Changed"), get("changed"), ""),
        (_("Unchanged"), get("unchanged"), ""),
        (_("Rejected"), get("rejected"), "danger" if get("rejected") else ""),
        *([(_("Passed over by the mapping"), passed_over, "")] if passed_over else []),
    ]


def _past_day(reader: Reader, run: ImportRun) -> date | None:
    """The last day of the data, where looking at today would show an empty product."""
    text = run.report.get("last_day")
    last = date.fromisoformat(text) if text else None
    late = last is not None and reader.today - last > timedelta(days=14)
    return last if late and reader.may("workspace.pin_day") else None


def _report_context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """What the run did."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    code = request.GET.get("code", "")
    page = Paginator(problems_of(run, code=code), PER_PAGE).get_page(request.GET.get("page"))
    skipped = (run.report.get("undo") or {}).get("skipped", {})
    failure = run.report.get("error")
    return {
        "counts": _counts(run, run.passed_over),
        "codes": _codes(run.report.get("by_code", {})),
        "code": code,
        "page": page,
        "problems": [shown(problem) for problem in page],
        "past_day": _past_day(reader, run) if run.status == ImportStatus.DONE else None,
        "undo": run.report.get("undo"),
        "undo_skipped": [
            {"row": row, "why": UNDO_REASONS.get(why, why)} for row, why in skipped.items()
        ][:PER_PAGE],
        "undo_until": run.finished_at + timedelta(days=undo.UNDO_DAYS) if run.finished_at else None,
        "failure": _worded(failure) if failure else None,
    }


@access("imports.view")
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where an import stands: the check, the progress, or the report."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    run = run_by_uid(uid)
    if run.status == ImportStatus.UPLOADED:
        return redirect("import-map", uid=uid)
    alive = run.job is not None and run.job.status in ALIVE
    context: dict[str, Any] = {
        "run": run,
        "kind": KINDS[run.kind],
        "status": STATUS[run.status],
        "tone": TONES.get(run.status, ""),
        "alive": alive,
        "job": job_row(run.job, reader) if run.job else None,
        "workers": live_workers() if alive else 1,
        "step": "run" if run.status in (*RAN, *WORKING) else "check",
    }
    # A run or an undo that is neither done nor alive was stopped and can go on.
    stopped = not alive and run.status in WORKING
    if run.status in RAN or stopped:
        context |= {**_report_context(request, run), "stopped": stopped}
    elif not alive:
        context |= _check_context(run)
    return render_section(request, "imports", "imports/show", context)


def _begun(request: HttpRequest, uid: UUID, begin: Callable[..., Any]) -> HttpResponse:
    """Begin work on an import in the background, and show how far it is."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    begin(actor=reader.actor, run=run_by_uid(uid))
    return redirect("import", uid=uid)


@access("imports.run")
@require_POST
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Check the file again."""
    return _begun(request, uid, checks.start_check)


@access("imports.run")
@require_POST
def start(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write the rows."""
    return _begun(request, uid, runs.start_import)


@access("imports.run")
@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop at the next safe point; what was written stays and can be undone."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    run = run_by_uid(uid)
    if run.job:
        job_services.cancel(actor=reader.actor, job=run.job)
        messages.success(request, _("The import stops at its next safe point."))
    return redirect("import", uid=uid)


@access("imports.run")
@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Undo an import."""
    return _begun(request, uid, undo.start_undo)


@access("imports.view")
def errors(request: HttpRequest, uid: UUID) -> StreamingHttpResponse:
    """The refused rows as a file."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    run = run_by_uid(uid)
    response = StreamingHttpResponse(
        error_file(actor=reader.actor, run=run), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="errors-{run.uid}.csv"'
    return response


@access("workspace.pin_day")
@require_POST
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let the product look at the last day of the imported data."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    text = run_by_uid(uid).report.get("last_day")
    if text:
        pin_day(actor=reader.actor, day=date.fromisoformat(text))
        messages.success(request, _("The product now looks at the last day of this data."))
    return redirect("accounts")
