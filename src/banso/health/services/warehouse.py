"""The warehouse of this process.

Only one process may hold the file: the worker, or a command that found no worker running. It keeps
the file open, so that a refresh after an event does not pay for opening it.
"""

from __future__ import annotations

import threading
from pathlib import Path

import structlog
from django.conf import settings

from banso.engine.warehouse import Warehouse
from banso.kit.errors import ConflictError

logger = structlog.get_logger(__name__)
#: What the warehouse may take of the worker's memory before it uses the disk: all accounts of
#: 100 million events are measured in less than half of it.
MEMORY = "500MB"
#: Held by a round of live work, and by whoever makes the warehouse anew.
exclusive = threading.RLock()
#: DuckDB would give a second thread a connection of its own, whose writes collide with the first's.
_opening = threading.Lock()
_held: dict[Path, Warehouse] = {}
#: Dataset name to a digest of the rows that the open warehouse was given last.
given: dict[str, str] = {}


def warehouse() -> Warehouse:
    """The open warehouse; made anew when its layout is of another version.

    Raises:
        ConflictError: another process holds it.
    """
    path = Path(settings.WAREHOUSE_PATH)
    with _opening:
        if path not in _held:
            _held[path] = _opened(path)
        return _held[path]


def close_warehouse() -> None:
    """Let go of the file, so that another process can take it."""
    given.clear()
    while _held:
        _held.popitem()[1].close()


def drop_warehouse() -> None:
    """Delete the file; everything in it can be made again from the database."""
    close_warehouse()
    path = Path(settings.WAREHOUSE_PATH)
    for leftover in (path, path.with_name(path.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _opened(path: Path) -> Warehouse:
    try:
        return Warehouse.open(path, memory_limit=MEMORY)
    except ConflictError as error:
        if error.code not in ("warehouse-version", "warehouse-damaged"):
            raise
        logger.warning("the warehouse cannot be used and is made anew", path=str(path))
        drop_warehouse()
        return Warehouse.open(path, memory_limit=MEMORY)
