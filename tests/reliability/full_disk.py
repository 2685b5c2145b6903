"""A small disk that somebody else fills while events arrive, and empties again."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.failing_disk import event
from tests.reliability.installation import Installation
from tests.reliability.projections import differing, kept_events, made_of_it, waiting
from tests.reliability.service import MAKE_SOURCE, Service, wait_until
from tests.reliability.traffic import Traffic

MEGABYTE = 1 << 20
SIZE = 400 * MEGABYTE
#: Left free by whoever fills the disk: less than senders are let in with, and nothing at all.
LEFT = {"nearly full": 30 * MEGABYTE, "full": 0}
PATIENCE = 90


@dataclass(slots=True)
class Outcome:
    """What senders were told, how soon it was over, and what was kept against what was sent."""

    refused: dict[str, int] = field(default_factory=dict)
    back_seconds: dict[str, float] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    differs: tuple[str, ...] = ()


def fill_the_disk(installation: Installation, *, tell: Callable[[str], None]) -> Outcome:
    """Fill the disk nearly and then wholly while events arrive; needs the right to mount."""
    outcome = Outcome()
    with _small_disk(installation.data_dir):
        installation.command("audit")
        installation.python(MAKE_SOURCE)
        with (
            Service(installation) as service,
            Traffic(service.port, size=5, compose=event) as traffic,
        ):
            traffic.allow(10**9)
            wait_until(lambda: len(traffic.acknowledged) > 20, service)
            for name, left in LEFT.items():
                refused = traffic.retries
                outcome.back_seconds[name] = _fill(service, traffic, left)
                outcome.refused[name] = traffic.retries - refused
                tell(f"{name}: {outcome.refused[name]} refused, {outcome.back_seconds[name]} s")
            traffic.end()
            wait_until(lambda: traffic.is_done() and not waiting(installation), service)
            service.stop()
        _count(installation, traffic, outcome)
    return outcome


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    place.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(service: Service, traffic: Traffic, left: int) -> float:
    """Fill the disk until so much is left, wait for refusals, make room; seconds to a success."""
    filler = service.installation.data_dir / "filler"
    refused = traffic.retries
    with filler.open("wb") as file:
        free = shutil.disk_usage(filler.parent).free
        os.posix_fallocate(file.fileno(), 0, max(free - left, 1))
    wait_until(lambda: traffic.retries > refused + 20, service)
    time.sleep(5)
    filler.unlink()
    emptied, number = time.monotonic(), len(traffic.acknowledged)
    wait_until(lambda: len(traffic.acknowledged) > number, service, seconds=PATIENCE)
    # The worker has to go on as well.
    kept = "SELECT max(id) FROM usage_usagebatch"
    last = service.installation.query(kept)
    wait_until(lambda: service.installation.query(kept) > last, service, seconds=PATIENCE)
    return round(time.monotonic() - emptied, 1)


def _count(installation: Installation, traffic: Traffic, outcome: Outcome) -> None:
    expected = {f"m{number}" for number in range(1, traffic.allowed * traffic.size)}
    kept = kept_events(installation)
    outcome.lost = len(expected - kept.keys())
    outcome.doubled = sum(kept.values()) - len(kept)
    before = made_of_it(installation)
    installation.command("rebuild")
    outcome.differs = differing(before, made_of_it(installation))
