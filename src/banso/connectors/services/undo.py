"""Taking an import back, for thirty days, without touching what people have changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.db import transaction

from banso.connectors.kinds import WRITERS, Context
from banso.connectors.mapping import MappingSpec
from banso.connectors.models import ImportChange, ImportRun
from banso.connectors.services.after import refresh_health
from banso.connectors.services.interruptions import is_interrupted
from banso.connectors.types import ImportStatus, Kind
from banso.kit import clock
from banso.kit.errors import ConflictError
from banso.workspace.policies import require
from banso.workspace.services import audit, jobs
from banso.workspace.services.jobs import JobHandle
from banso.workspace.types import SYSTEM, Actor

JOB_KIND = "connectors.undo"
UNDO_DAYS = 30
_CHUNK = 500
_UNDOABLE = (
    ImportStatus.DONE,
    ImportStatus.CANCELLED,
    ImportStatus.FAILED,
    ImportStatus.UNDOING,
)


@dataclass(slots=True)
class UndoReport:
    """What was taken back, and which rows were left alone and why."""

    reverted: int = 0
    #: Row of the file to ``changed-since``, ``in-use`` or ``gone``.
    skipped: dict[int, str] = field(default_factory=dict)


def undo_import(
    *,
    actor: Actor,
    run: ImportRun,
    progress: Callable[[int, int], None] | None = None,
    refresh: bool = True,
) -> UndoReport:
    """Take an import back, newest row first; goes on where an interrupted undo stopped.

    Records that somebody changed since, or that others now depend on, are left alone and reported.

    Raises:
        ConflictError: it has not run, is undone already, or is older than thirty days.
    """
    require(actor, "imports.run")
    _require_undoable(run)
    ImportRun.objects.filter(pk=run.pk).update(status=ImportStatus.UNDOING)
    report = UndoReport(**run.report.get("undo", {}))
    report.skipped = {int(row): why for row, why in report.skipped.items()}
    context = Context.now(actor, MappingSpec.from_dict(run.mapping), run.origin)
    total = run.changes.count()
    done = 0
    behind = run.changes.all()
    while changes := list(behind.order_by("-id")[:_CHUNK]):
        with transaction.atomic():
            _undo_chunk(context, run, changes, report)
        done += len(changes)
        # Rows that are left alone stay in the table; the next ones lie behind them.
        behind = run.changes.filter(pk__lt=changes[-1].pk)
        if progress:
            progress(min(done, total), total)
    _finish(actor, run, report)
    if refresh:
        refresh_health()
    return report


def start_undo(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Queue the undo; the job shows progress."""
    require(actor, "imports.run")
    _require_undoable(run)
    with transaction.atomic():
        run.job = jobs.start(
            actor=actor, kind=JOB_KIND, params={"run": str(run.uid)}, key=f"undo:{run.uid}"
        )
        run.status = ImportStatus.UNDOING
        run.save(update_fields=["job", "status"])
    return run


def work_on_undo(handle: JobHandle) -> dict[str, int]:
    """The job of :func:`start_undo`; what it may do was checked when it was queued."""
    run = ImportRun.objects.get(uid=handle.params["run"])
    report = undo_import(
        actor=SYSTEM, run=run, progress=lambda done, total: handle.progress(done, total)
    )
    return {"reverted": report.reverted, "skipped": len(report.skipped)}


def _require_undoable(run: ImportRun) -> None:
    if run.status not in _UNDOABLE and not is_interrupted(run):
        raise ConflictError("This import cannot be undone now.", code="not-undoable")
    if run.finished_at and clock.now() - run.finished_at > timedelta(days=UNDO_DAYS):
        raise ConflictError(
            f"This import is older than {UNDO_DAYS} days.",
            code="too-old-to-undo",
            remedy="Correct the records by hand or by another import.",
        )


def _undo_chunk(
    context: Context, run: ImportRun, changes: list[ImportChange], report: UndoReport
) -> None:
    writer = WRITERS[Kind(run.kind)]
    for record_type, group in groupby(changes, key=lambda change: change.record_type):
        listed = list(group)
        undone = writer.undo(
            context, record_type, [(c.record_id, c.before, c.after) for c in listed]
        )
        report.reverted += len(undone.reverted)
        report.skipped |= {c.row: why for c in listed if (why := undone.skipped.get(c.record_id))}
        done = set(undone.reverted)
        ImportChange.objects.filter(pk__in=[c.pk for c in listed if c.record_id in done]).delete()
    _keep(run, report)


def _keep(run: ImportRun, report: UndoReport) -> None:
    run.report = {
        **run.report,
        "undo": {
            "reverted": report.reverted,
            "skipped": {str(k): v for k, v in report.skipped.items()},
        },
    }
    run.save(update_fields=["report"])


@transaction.atomic
def _finish(actor: Actor, run: ImportRun, report: UndoReport) -> None:
    report.reverted += WRITERS[Kind(run.kind)].revert(actor, run.origin)
    _keep(run, report)
    run.status = ImportStatus.UNDONE
    run.finished_at = clock.now()
    run.save(update_fields=["status", "finished_at"])
    counts = {"reverted": report.reverted, "skipped": len(report.skipped)}
    audit.record(actor, "import.undone", "import", run.uid, after=counts)
