"""Doing things for show: what would happen is seen, nothing of it stays, and nobody has to wait."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from banso.kit import clock
from banso.workspace.services import audit

#: A copy that lies there for longer belongs to a process that was stopped.
_LONGEST = timedelta(days=1)


@contextmanager
def rehearsed() -> Iterator[None]:
    """Take back whatever the block writes.

    SQLite lets one transaction write at a time, so there the block works on a copy of the database,
    unless it stands within such a transaction already. Elsewhere it works in a transaction of its
    own. Audit entries would go with the rest, so none is made: it would hold the end of the log,
    and everybody who writes, until the block ends.
    """
    apart = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _on_a_copy() if apart else nullcontext(), transaction.atomic(), audit.unrecorded():
        yield
        transaction.set_rollback(True)


@contextmanager
def _on_a_copy() -> Iterator[None]:
    folder = _new_folder()
    live = connections[DEFAULT_DB_ALIAS]
    stage = connections.create_connection(DEFAULT_DB_ALIAS)
    stage.settings_dict = {**stage.settings_dict, "NAME": str(folder / "copy.sqlite3")}
    try:
        live.ensure_connection()
        with closing(sqlite3.connect(stage.settings_dict["NAME"])) as copy:
            live.connection.backup(copy)
        connections[DEFAULT_DB_ALIAS] = stage
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = live
        stage.close()
        shutil.rmtree(folder)


def _new_folder() -> Path:
    parent = Path(settings.DATA_DIR) / "rehearsals"
    parent.mkdir(exist_ok=True)
    oldest = (clock.now() - _LONGEST).timestamp()
    for left in parent.iterdir():
        if left.stat().st_mtime < oldest:
            shutil.rmtree(left, ignore_errors=True)
    return Path(mkdtemp(dir=parent))
