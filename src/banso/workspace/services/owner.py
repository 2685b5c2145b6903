"""Being the one process that owns the warehouse, and ending when that is over."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.db import connections

from banso.kit.errors import ConflictError
from banso.workspace.services import lease
from banso.workspace.services.lease import Claim

logger = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
#: Exit status of a worker that another one has replaced (EX_TEMPFAIL: try again later).
REPLACED = 75


@contextmanager
def only_worker(
    lock_path: Path, claim: Claim | None = None, *, stand_by: Callable[[], None] | None = None
) -> Iterator[None]:
    """Be the process that owns the warehouse and publishes what it computes.

    Args:
        claim: carries what was seen of a worker elsewhere from one try to the next.
        stand_by: called once when a worker of another machine is at it; then its end is awaited.

    Raises:
        ConflictError: another process is at it, and nothing was said about waiting.
    """
    claim = claim or Claim()
    with _file_lock(lock_path) as lock:
        if not lease.is_needed():
            yield
            return
        _await_turn(claim, lock, stand_by)
        with _kept(claim):
            yield


@contextmanager
def _file_lock(path: Path) -> Iterator[TextIO]:
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConflictError(
                "Another worker is running on this data directory.",
                code="worker-running",
                remedy="Stop it first, or leave the work to it.",
            ) from None
        yield handle


def _await_turn(claim: Claim, lock: TextIO, stand_by: Callable[[], None] | None) -> None:
    if claim.take(lock):
        return
    if stand_by is None:
        raise ConflictError(
            "A worker of another machine is running on this database.",
            code="worker-elsewhere",
            remedy="Leave the work to it, or stop it first.",
        )
    stand_by()
    while not claim.take(lock):
        time.sleep(LOOK_SECONDS)


@contextmanager
def _kept(claim: Claim) -> Iterator[None]:
    """Renew the lease beside the work; this process ends when it is lost."""
    stopped = threading.Event()
    keeper = threading.Thread(target=_keep, args=(claim, stopped), name="lease", daemon=True)
    lease.hold(claim)
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        keeper.join(timeout=5)
        lease.hold(None)
        claim.release()


def _keep(claim: Claim, stopped: threading.Event) -> None:
    renewed_at = time.monotonic()
    while not stopped.wait(lease.RENEW_SECONDS):
        began = time.monotonic()
        try:
            if not claim.renew():
                _end("another worker has taken over")
            renewed_at = began
        except Exception:
            logger.exception("the lease could not be renewed")
            connections.close_all()
        if time.monotonic() - renewed_at > lease.GIVE_UP_SECONDS:
            _end("the lease could not be renewed in time")
    connections.close_all()


def _end(why: str) -> None:
    """End at once, without a chance for anything of this process to be written any more."""
    logger.critical("this worker ends: %s", why)
    logging.shutdown()
    os._exit(REPLACED)
