"""The life of an import: created, mapped, checked, run, cancelled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from banso.connectors.files import COMMAND_LIMIT, open_table
from banso.connectors.files.problems import kept
from banso.connectors.mapping import MappingSpec, header_signature
from banso.connectors.mapping.spec import DEFAULT_SOURCE
from banso.connectors.models import ImportRun, SavedMapping
from banso.connectors.services import pipeline
from banso.connectors.services.after import refresh_health
from banso.connectors.services.interruptions import (
    ImportTakenError,
    find_interrupted,
    only_writer,
)
from banso.connectors.services.proposals import OPEN, propose
from banso.connectors.types import ImportStatus, Kind
from banso.kit import clock
from banso.kit.errors import BansoError, ConflictError
from banso.workspace.policies import require
from banso.workspace.services import audit, jobs
from banso.workspace.services.jobs import JobCancelledError, JobHandle
from banso.workspace.types import SYSTEM, Actor

JOB_KIND = "connectors.import"
_RUNNABLE = (*OPEN, ImportStatus.RUNNING, ImportStatus.FAILED, ImportStatus.CANCELLED)


def create_import(
    *,
    actor: Actor,
    path: Path,
    file_name: str = "",
    kind: Kind | None = None,
    source: str = "",
    mapping: Mapping[str, Any] | None = None,
    project: UUID | None = None,
    limit: int = COMMAND_LIMIT,
    resume: bool = False,
) -> ImportRun:
    """Open a file and propose how to read it: by the mapping given, saved or suggested.

    With ``resume``, a run of the same file whose process was stopped is returned instead of a new
    one, so that it goes on where it stopped and can be undone as a whole.

    Raises:
        FileProblemError: the file cannot be read as a table, or the mapping is not valid.
    """
    require(actor, "imports.run")
    given = MappingSpec.from_dict(mapping, kind=kind) if mapping else None
    table = open_table(path, given.read if given else None, limit=limit)
    recognised = header_signature(table.names)
    if given:
        spec = given
    else:
        spec, table = propose(table, kind, source or DEFAULT_SOURCE, limit=limit)
    if mapping and source and not mapping.get("source"):
        spec = spec.with_source(source)
    sha256 = _sha256(path)
    if resume and (stopped := find_interrupted(spec, sha256)):
        stopped.file_path = str(path)
        stopped.save(update_fields=["file_path"])
        return stopped
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=spec.kind,
            status=ImportStatus.MAPPED if given else ImportStatus.UPLOADED,
            project=project,
            source=spec.source,
            file_name=(file_name or path.name)[:255],
            file_path=str(path),
            sha256=sha256,
            size_bytes=path.stat().st_size,
            mapping=spec.to_dict(),
            report={"header": list(table.names), "recognised": recognised},
            started_by_id=actor.user_id,
            created_at=clock.now(),
        )
        audit.record(actor, "import.created", "import", run.uid, after={"file": run.file_name})
    return run


@transaction.atomic
def set_mapping(*, actor: Actor, run: ImportRun, mapping: Mapping[str, Any]) -> ImportRun:
    """Choose how the file is read; remembered for files with the same header.

    Raises:
        FileProblemError: the mapping is not valid.
        ConflictError: the import has already started.
    """
    require(actor, "imports.run")
    if run.status not in OPEN:
        raise ConflictError("This import has already started.", code="import-started")
    spec = MappingSpec.from_dict(mapping)
    run.kind, run.source, run.mapping = spec.kind, spec.source, spec.to_dict()
    run.status = ImportStatus.MAPPED
    run.save(update_fields=["kind", "source", "mapping", "status"])
    _remember(run)
    audit.record(actor, "import.mapped", "import", run.uid, after={"kind": run.kind})
    return run


def check_import(
    *, actor: Actor, run: ImportRun, progress: pipeline.Progress | None = None
) -> pipeline.CheckReport:
    """Dry run: read everything, write no record, and keep the result with the run.

    Raises:
        FileProblemError: the file or its mapping cannot be used.
    """
    require(actor, "imports.run")
    report = pipeline.check(actor, run, progress)
    result = {
        "rows_total": report.total,
        "report": {**run.report, "check": asdict(report.tally)},
        "status": ImportStatus.CHECKED,
    }
    # What has begun to be written meanwhile is no longer merely checked.
    if ImportRun.objects.filter(pk=run.pk, status__in=OPEN).update(**result):
        for name, value in result.items():
            setattr(run, name, value)
    return report


def run_import(
    *,
    actor: Actor,
    run: ImportRun,
    progress: pipeline.Progress | None = None,
    refresh: bool = True,
) -> ImportRun:
    """Write the file's rows, now, in this process; goes on where an interrupted run stopped.

    Args:
        actor: who imports.
        run: the import.
        progress: told rows done and rows in all, between transactions; may raise to stop.
        refresh: measure and score the accounts afterwards.

    Raises:
        FileProblemError: the file or its mapping cannot be used; nothing was written.
        ConflictError: it has already been done, or another process is writing it.
    """
    require(actor, "imports.run")
    if run.status not in _RUNNABLE:
        raise ConflictError("This import has already been done.", code="import-done")
    with only_writer(run):
        _write(actor, run, progress)
    if refresh:
        refresh_health()
    return run


def _write(actor: Actor, run: ImportRun, progress: pipeline.Progress | None) -> None:
    run.status = ImportStatus.RUNNING
    run.report = {key: value for key, value in run.report.items() if key != "error"}
    run.save(update_fields=["status", "report"])
    try:
        pipeline.write_all(actor, run, progress)
    except ImportTakenError:
        raise
    except JobCancelledError:
        _close(actor, run, ImportStatus.CANCELLED)
        raise
    except BansoError as error:
        run.report = {**run.report, "error": kept(error)}
        _close(actor, run, ImportStatus.FAILED)
        raise
    _remember(run)
    _close(actor, run, ImportStatus.DONE)


def start_import(*, actor: Actor, run: ImportRun) -> ImportRun:
    """Queue the import; the job shows progress and can be left, found again and cancelled."""
    require(actor, "imports.run")
    if run.status not in _RUNNABLE:
        raise ConflictError("This import has already been done.", code="import-done")
    with transaction.atomic():
        job = jobs.start(
            actor=actor, kind=JOB_KIND, params={"run": str(run.uid)}, key=f"import:{run.uid}"
        )
        run.job = job
        run.status = ImportStatus.RUNNING
        run.save(update_fields=["job", "status"])
    return run


def work_on_import(handle: JobHandle) -> dict[str, Any]:
    """The job of :func:`start_import`; what it may do was checked when it was queued."""
    run = ImportRun.objects.get(uid=handle.params["run"])
    if run.status not in _RUNNABLE:
        return {"status": run.status}
    run_import(actor=SYSTEM, run=run, progress=lambda done, total: handle.progress(done, total))
    return {"new": run.new, "changed": run.changed, "rejected": run.rejected}


def _remember(run: ImportRun) -> None:
    """Keep the mapping for the header, and for what was taken for it before a person said more."""
    signatures = {header_signature(run.report.get("header", ())), run.report.get("recognised")}
    for signature in signatures - {None}:
        SavedMapping.objects.update_or_create(
            kind=run.kind,
            signature=signature,
            defaults={
                "name": f"{run.source} {run.kind}"[:120],
                "mapping": run.mapping,
                "updated_at": clock.now(),
            },
        )


@transaction.atomic
def _close(actor: Actor, run: ImportRun, status: ImportStatus) -> None:
    run.status = status
    run.finished_at = clock.now()
    run.save(update_fields=["status", "finished_at", "report"])
    counts = {name: getattr(run, name) for name in ("new", "changed", "unchanged", "rejected")}
    audit.record(actor, f"import.{status}", "import", run.uid, after=counts)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
