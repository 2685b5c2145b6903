"""Imports whose process was stopped: found again, gone on with, never written by two at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from banso.connectors.mapping import MappingSpec
from banso.connectors.models import ImportRun
from banso.connectors.types import ImportStatus
from banso.kit.errors import ConflictError
from banso.workspace.types import JobStatus

_ENDED = (JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED)


class ImportTakenError(ConflictError):
    """Another process writes this import; this one has left it alone."""

    def __init__(self) -> None:
        super().__init__(
            _("Another process is writing this import."),
            code="import-taken",
            remedy=_("Wait until it has ended."),
        )


@contextmanager
def only_writer(run: ImportRun) -> Iterator[None]:
    """Hold the run while it is written; the system lets go of it however the process ends.

    Raises:
        ImportTakenError: another process holds it.
    """
    path = _lock_path(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportTakenError from None
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def is_interrupted(run: ImportRun) -> bool:
    """Whether the run stopped in the middle and neither a process nor a job goes on with it."""
    waits = run.job is not None and run.job.status not in _ENDED
    return run.status == ImportStatus.RUNNING and not waits and not _is_held(run)


def find_interrupted(spec: MappingSpec, sha256: str) -> ImportRun | None:
    """The newest run of the same file, read in the same way, that stopped in the middle."""
    stopped = ImportRun.objects.filter(
        status=ImportStatus.RUNNING, kind=spec.kind, source=spec.source, sha256=sha256
    )
    for run in stopped.select_related("job").order_by("-created_at"):
        if run.mapping == spec.to_dict() and is_interrupted(run):
            return run
    return None


def _lock_path(run: ImportRun) -> Path:
    return Path(settings.FILES_DIR) / "imports" / f"{run.uid}.lock"


def _is_held(run: ImportRun) -> bool:
    try:
        with _lock_path(run).open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
