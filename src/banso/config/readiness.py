"""Whether this process can do its work now, and what to do when it cannot."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from banso.workspace.selectors import live_workers


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check; ``remedy`` is empty when there is nothing to do."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Check("database", True, connection.vendor)


@lru_cache(maxsize=1)
def _leaves() -> tuple[tuple[str, str], ...]:
    """The last migrations of this code, which stay the same while the process runs."""
    return tuple(MigrationExecutor(connection).loader.graph.leaf_nodes())


def _tables() -> Check:
    from django.db.migrations.recorder import MigrationRecorder

    applied = MigrationRecorder(connection).applied_migrations()
    waiting = [leaf for leaf in _leaves() if leaf not in applied]
    if waiting:
        remedy = "Start one machine of the new version: serve and worker change the tables."
        return Check("tables", False, f"{len(waiting)} changes wait", remedy)
    return Check("tables", True, "up to date")


def _directory() -> Check:
    for folder in {settings.DATA_DIR, settings.FILES_DIR}:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"banso")
    return Check("directory", True, "can be written")


def _worker() -> Check:
    if count := live_workers():
        return Check("worker", True, f"{count} seen")
    return Check("worker", False, "not seen for 30 s", "Start one: banso serve, or banso worker.")


#: Name to check and what to do when it cannot be made at all.
CHECKS: dict[str, tuple[Callable[[], Check], str]] = {
    "database": (_database, "Does the server run, and is BANSO_DATABASE_URL right?"),
    "tables": (_tables, "See the check “database”."),
    "directory": (_directory, "Make room, or let the user of the service write there."),
    "worker": (_worker, "See the check “database”."),
}


def examine(without: Collection[str] = ()) -> list[Check]:
    """All checks but those named; one that cannot be made has failed."""
    return [_made(name) for name in CHECKS if name not in without]


def _made(name: str) -> Check:
    check, remedy = CHECKS[name]
    try:
        return check()
    except Exception as error:
        return Check(name, False, type(error).__name__, remedy)
