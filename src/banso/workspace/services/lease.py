"""One worker at a time, on however many machines that share a database server.

On one machine a file lock decides. Between machines a row does: its holder counts up every few
seconds, and another takes it over when it has seen the count stand still for longer than a holder
without success goes on. Only spans of each process's own monotonic clock are compared, so that no
clock that is put forward or back makes two holders. What remains, a holder that was suspended and
wakes up, is met by :func:`confirm` in the transactions that publish.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from banso.kit.errors import ConflictError
from banso.workspace.models import WorkerLease

WAREHOUSE = "warehouse"
RENEW_SECONDS = 3.0
#: A holder that could not renew for so long ends itself.
GIVE_UP_SECONDS = 12.0
#: A holder whose count stood still for so long is dead, or has ended itself.
DEAD_SECONDS = 20.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def is_needed() -> bool:
    """Whether other machines can reach the database; a SQLite file belongs to this one."""
    return connection.vendor != "sqlite"


class LeaseLostError(ConflictError):
    """Another worker has taken over; what this one has not committed must not be."""

    def __init__(self) -> None:
        super().__init__("Another worker has taken over.", code="lease-lost")


class Claim:
    """One process's claim to be the worker."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid4().hex[:8]}"
        self._seen: tuple[int, int] | None = None
        self._seen_at = 0.0

    def take(self, lock: TextIO) -> bool:
        """Take the row if it is free or its holder dead; false while somebody lives on it.

        Args:
            lock: the file whose lock this process holds: who held the row by it before has ended.
        """
        row, _ = WorkerLease.objects.get_or_create(name=WAREHOUSE)
        place = _place(lock)
        if not self._is_free(row, place):
            return False
        return _swap(row, self.holder, place)

    def _is_free(self, row: WorkerLease, place: str) -> bool:
        now = time.monotonic()
        if self._seen != (row.term, row.renewals):
            self._seen, self._seen_at = (row.term, row.renewals), now
        silent = now - self._seen_at >= DEAD_SECONDS
        return not row.holder or row.place == place or silent

    def renew(self) -> bool:
        """Count up; false when somebody else holds the row by now."""
        mine = WorkerLease.objects.filter(name=WAREHOUSE, holder=self.holder)
        return bool(mine.update(renewals=F("renewals") + 1, renewed_at=Now()))

    def release(self) -> None:
        """Let the next one have it at once."""
        WorkerLease.objects.filter(name=WAREHOUSE, holder=self.holder).update(holder="", place="")


@transaction.atomic
def _swap(seen: WorkerLease, holder: str, place: str) -> bool:
    """Become the holder if nothing has moved since the row was read.

    The row is locked as a whole: this waits for a transaction that has confirmed the lease, while
    the counting of its holder does not.
    """
    rows = WorkerLease.objects.select_for_update()
    row = rows.filter(name=WAREHOUSE, term=seen.term, renewals=seen.renewals).first()
    if row is None or row.holder != seen.holder:
        return False
    WorkerLease.objects.filter(name=WAREHOUSE).update(
        holder=holder, place=place, term=F("term") + 1, renewals=F("renewals") + 1, renewed_at=Now()
    )
    return True


def _place(lock: TextIO) -> str:
    """Names this file on this running machine: no copy of the disk has the same."""
    boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else uuid4().hex
    stat = os.fstat(lock.fileno())
    return f"{boot}:{stat.st_dev}:{stat.st_ino}"


_held: Claim | None = None


def hold(claim: Claim | None) -> None:
    """Note which claim this process works under."""
    global _held
    _held = claim


def confirm() -> None:
    """Make sure that this process is still the worker, until the transaction ends.

    Does nothing in a process that needs no lease. Belongs into every transaction in which the
    worker publishes what it has computed.

    Raises:
        LeaseLostError: another worker has taken over.
    """
    if _held is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM workspace_workerlease WHERE name = %s AND holder = %s FOR KEY SHARE",
            [WAREHOUSE, _held.holder],
        )
        if cursor.fetchone() is None:
            raise LeaseLostError


def lease() -> WorkerLease | None:
    """The row as it stands, or None before the first worker."""
    return WorkerLease.objects.filter(name=WAREHOUSE).first()
