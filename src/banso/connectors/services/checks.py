"""The dry run as background work that can be left, found again and cancelled."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction

from banso.connectors.files.problems import FileProblemError, kept
from banso.connectors.models import ImportRun
from banso.connectors.services.pipeline import CheckReport
from banso.connectors.services.runs import check_import
from banso.connectors.types import ImportStatus
from banso.kit.errors import ConflictError
from banso.workspace.policies import require
from banso.workspace.services import jobs
from banso.workspace.services.jobs import JobHandle
from banso.workspace.types import SYSTEM, Actor

JOB_KIND = "connectors.check"
_OUTCOME = ("check", "check_problems", "check_error")
#: Problems of the dry run that a page shows; the counts by code are always whole.
PROBLEMS_KEPT = 300


def start_check(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Queue a dry run; its outcome is kept with the import.

    Raises:
        ConflictError: no mapping has been chosen yet, or the import has already started.
    """
    require(actor, "imports.run")
    if run.status not in (ImportStatus.MAPPED, ImportStatus.CHECKED):
        raise ConflictError("This import cannot be checked now.", code="not-checkable")
    with transaction.atomic():
        run.job = jobs.start(
            actor=actor, kind=JOB_KIND, params={"run": str(run.uid)}, key=f"check:{run.uid}"
        )
        run.status = ImportStatus.MAPPED
        run.report = _without_outcome(run.report)
        run.save(update_fields=["job", "status", "report"])
    return run


def work_on_check(handle: JobHandle) -> dict[str, Any]:
    """The job of :func:`start_check`; what it may do was checked when it was queued."""
    while True:
        run = ImportRun.objects.get(uid=handle.params["run"])
        result = _check(run, handle)
        # Other columns may have been chosen meanwhile; what was found is not true of them.
        if ImportRun.objects.values_list("mapping", flat=True).get(pk=run.pk) == run.mapping:
            return result


def _check(run: ImportRun, handle: JobHandle) -> dict[str, Any]:
    run.report = _without_outcome(run.report)
    try:
        report = check_import(actor=SYSTEM, run=run, progress=handle.progress)
    except FileProblemError as error:
        _keep(run, check_error=kept(error))
        return {"error": error.code}
    _keep(run, check_problems=_problems(report))
    return {"rows": report.total, "rejected": report.tally.rejected}


def _problems(report: CheckReport) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in report.problems[:PROBLEMS_KEPT]]


def _without_outcome(report: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key not in _OUTCOME}


def _keep(run: ImportRun, **values: Any) -> None:
    run.report = {**run.report, **values}
    run.save(update_fields=["report"])
