"""Events that arrive while writing to the disk fails, and what was acknowledged of them."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass, field

from tests.reliability.installation import Installation
from tests.reliability.projections import kept_events, waiting
from tests.reliability.service import MAKE_SOURCE, WEB, Service, wait_until
from tests.reliability.traffic import Traffic

GROUP = "A1"
#: Calls of a thread that succeed before the first one fails, so that the service starts.
FIRST = 30
#: Bytes beyond which files may not be written: a few commits, if the log has just begun anew.
LITTLE = 200_000


@dataclass(slots=True)
class Outcome:
    """Answers by status, what was felt of each fault, and what was kept against what was sent."""

    answers: dict[int, int] = field(default_factory=dict)
    failed_syncs: int = 0
    full_disks: int = 0
    refused_at_limit: int = 0
    back_seconds: float = 0
    lost: int = 0
    doubled: int = 0
    waiting: int = 0
    is_whole: bool = False


def event(number: int) -> dict[str, object]:
    """An event of an account that the first call makes known."""
    common = {"messageId": f"m{number}", "timestamp": "2026-03-31T03:00:00.000Z"}
    if number == 0:
        known = {"type": "group", "userId": "u0", "groupId": GROUP}
        return {**common, **known, "traits": {"name": "会社1"}}
    what = {"type": "track", "userId": f"u{number % 9}", "event": "login"}
    return {**common, **what, "context": {"groupId": GROUP}}


def post_to_a_failing_disk(
    installation: Installation, *, requests: int, sync: int, write: int, worker: bool = False
) -> Outcome:
    """Send requests while disk calls fail, then while files cannot grow either, and count.

    Each request is sent until it is acknowledged; at the end all processes are killed.

    Args:
        sync: every so manieth call that waits for the disk fails.
        write: every so manieth write finds no room; one commit makes about a dozen.
        worker: have a worker take in at the same time, whose calls fail as well.
    """
    outcome = Outcome()
    installation.command("audit")
    installation.python(MAKE_SOURCE)
    prefix = failing(installation, sync, write)
    options = () if worker else ("--web-only",)
    with (
        Service(installation, options=options, prefix=prefix) as service,
        Traffic(service.port, size=5, compose=event) as traffic,
    ):
        traffic.allow(requests)
        wait_until(traffic.is_done, service)
        outcome.failed_syncs = service.said().count("OperationalError: disk I/O error")
        outcome.full_disks = service.said().count("OperationalError: database or disk is full")
        _reach_a_limit(service, traffic, outcome)
        outcome.answers = traffic.statuses
    installation.command("worker", "--once")
    _count(installation, traffic.allowed * traffic.size, outcome)
    return outcome


def failing(installation: Installation, sync: int, write: int) -> tuple[str, ...]:
    """The start of a command line: calls on the files of the database fail now and then."""
    syncs, writes = "fsync,fdatasync", "pwrite64,write"
    base = installation.data_dir / "banso.sqlite3"
    paths = [word for path in (base, f"{base}-wal") for word in ("-P", str(path))]
    quiet = ("-f", "-D", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", f"trace={syncs},{writes}")
    faults = (
        f"inject={syncs}:error=EIO:when={FIRST}+{sync}",
        f"inject={writes}:error=ENOSPC:when={FIRST}+{write}",
    )
    return ("strace", *quiet, "-e", faults[0], "-e", faults[1], *paths)


def _reach_a_limit(service: Service, traffic: Traffic, outcome: Outcome) -> None:
    """Let no file be large, then let them, and wait until all that waited is kept."""
    _limit_files(service, LITTLE)
    before = traffic.retries
    traffic.allow(traffic.allowed + 300)
    wait_until(lambda: traffic.retries > before + 100, service)
    outcome.refused_at_limit = traffic.retries - before
    _limit_files(service, resource.RLIM_INFINITY)
    lifted, number = time.monotonic(), len(traffic.acknowledged)
    wait_until(lambda: len(traffic.acknowledged) > number, service)
    outcome.back_seconds = round(time.monotonic() - lifted, 1)
    wait_until(traffic.is_done, service)


def _limit_files(service: Service, size: int) -> None:
    for pid in service.pids(WEB):
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def _count(installation: Installation, messages: int, outcome: Outcome) -> None:
    expected = {f"m{number}" for number in range(1, messages)}
    kept = kept_events(installation)
    outcome.lost = len(expected - kept.keys())
    outcome.doubled = sum(kept.values()) - len(kept)
    outcome.waiting = waiting(installation)
    outcome.is_whole = installation.query("PRAGMA integrity_check") == [("ok",)]
