"""The worker: takes jobs from the queue, fires schedules, replaces workers that died."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from croniter import croniter
from django.db import connections, transaction
from django.db.models import QuerySet
from django_tasks_db.management.commands.db_worker import Worker

from banso.kit import clock
from banso.kit.errors import BansoError, ConflictError
from banso.workspace.models import Job, Schedule, WorkerHeartbeat
from banso.workspace.selectors import company_zone
from banso.workspace.services import gauges, jobs
from banso.workspace.services.bulletins import forget_old
from banso.workspace.services.lease import Claim
from banso.workspace.services.owner import only_worker
from banso.workspace.services.rescue import Watch, rescue_abandoned
from banso.workspace.types import SYSTEM, Actor, JobStatus

logger = logging.getLogger(__name__)
BEAT_SECONDS = 5
WAIT_SECONDS = 0.3
#: A clock that was put back by more than this was wrong before.
PUT_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that is queued whenever its cron line, read in the company's zone, comes due."""

    name: str
    cron: str
    kind: str


_periodic: dict[str, Periodic] = {}


def every(name: str, cron: str, kind: str) -> None:
    """Queue a job of ``kind`` on a schedule; called by a room's ``apps``."""
    _periodic[name] = Periodic(name, cron, kind)


def fire_due() -> list[str]:
    """Queue every periodic job whose time has come and return their names.

    Two workers never fire the same occurrence: the last firing is moved by compare-and-swap. A
    clock that jumped back fires nothing twice; one that jumped ahead fires once. A firing far in
    the future was made under a wrong clock and is forgotten, or nothing would fire until then.
    """
    now = clock.now()
    zone = company_zone()
    fired = []
    for periodic in _periodic.values():
        row, _ = Schedule.objects.get_or_create(name=periodic.name, defaults={"last_fired_at": now})
        mine = Schedule.objects.filter(name=periodic.name, last_fired_at=row.last_fired_at)
        if row.last_fired_at > now + PUT_BACK:
            mine.update(last_fired_at=now)
            continue
        due = croniter(periodic.cron, row.last_fired_at.astimezone(zone)).get_next(datetime)
        if due <= now and _fire(periodic, mine, now):
            fired.append(periodic.name)
    return fired


@transaction.atomic
def _fire(periodic: Periodic, mine: QuerySet[Schedule], now: datetime) -> bool:
    """Claim the occurrence and queue its job, both or neither."""
    if not mine.update(last_fired_at=now):
        return False
    jobs.start(actor=SYSTEM, kind=periodic.kind, key=periodic.name)
    return True


class BansoWorker(Worker):
    """The library's worker with a heartbeat, schedules and rescue of abandoned jobs."""

    def __init__(self, *, interval: float = 0.5, batch: bool = False) -> None:
        name = f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid4().hex[:8]}"
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until told to stop (or, in batch mode, until the queue is empty)."""
        jobs.worker_id.set(self.worker_id)
        self._beat_once()
        rescue_abandoned()
        beat = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        beat.start()
        try:
            super().run()
        finally:
            self._stopped.set()
            beat.join(timeout=5)
            WorkerHeartbeat.objects.filter(worker_id=self.worker_id).delete()

    def _beat_once(self) -> None:
        now = clock.now()
        WorkerHeartbeat.objects.update_or_create(
            worker_id=self.worker_id,
            defaults={"seen_at": now, "figures": gauges.own_text()},
            create_defaults={"seen_at": now, "started_at": now},
        )

    def _beat(self) -> None:
        watch = Watch()
        while not self._stopped.wait(BEAT_SECONDS):
            try:
                self._beat_once()
                if not self.batch:
                    rescue_abandoned(watch)
                    fire_due()
                    forget_old()
            except Exception:
                # A beat may fail (a locked database); without further ones the worker counts as
                # dead and another does its job too.
                logger.exception("heartbeat failed")
                connections.close_all()
        connections.close_all()


def do_now(
    *,
    actor: Actor,
    kind: str,
    lock_path: Path,
    params: dict[str, Any] | None = None,
    show: Callable[[int, int, str], None] | None = None,
) -> Job:
    """Have a job done and wait for it: by this process, or by the worker that already runs.

    Raises:
        BansoError: the job failed or was cancelled; the message says why.
    """
    job = jobs.start(actor=actor, kind=kind, params=params)
    token, claim = jobs.watcher.set(show), Claim()
    try:
        while not _settled(job, worked=_work_here(lock_path, claim)):
            time.sleep(WAIT_SECONDS)
            if show:
                show(job.done, job.total, job.note)
    finally:
        jobs.watcher.reset(token)
    if job.status != JobStatus.DONE:
        raise BansoError(job.error or f"The work ended as “{job.status}”.", code="job-failed")
    return job


def _work_here(lock_path: Path, claim: Claim) -> bool:
    """Empty the queue in this process; false while another owns the warehouse."""
    try:
        with only_worker(lock_path, claim):
            BansoWorker(batch=True, interval=0).run()
    except ConflictError:
        return False
    return True


def _settled(job: Job, *, worked: bool) -> bool:
    """Whether there is nothing to wait for: it has ended, or failed and is tried again later.

    The worker that had the warehouse may end without having seen the job, or die with it; then the
    next round does it here.
    """
    job.refresh_from_db()
    return not (job.status == JobStatus.RUNNING or (job.status == JobStatus.QUEUED and not worked))
