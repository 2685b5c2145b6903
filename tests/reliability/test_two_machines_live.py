"""Two machines on one database server take events in: one works, and the other when it dies."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reliability.failing_disk import event
from tests.reliability.installation import Installation, kill
from tests.reliability.projections import differing, kept_events, made_of_it, waiting
from tests.reliability.servers import IS_POSTGRES, database_of_its_own
from tests.reliability.service import MAKE_SOURCE, Service, wait_until
from tests.reliability.traffic import Traffic

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not IS_POSTGRES, reason="SQLite is of one machine"),
]


@contextmanager
def working(machine: Installation) -> Iterator[subprocess.Popen[str]]:
    worker = machine.start("worker")
    try:
        yield worker
    finally:
        kill(worker)


def send(service: Service, traffic: Traffic, requests: int) -> None:
    """Send some more and wait until all of it is judged."""
    traffic.allow(traffic.allowed + requests)
    wait_until(lambda: traffic.is_done() and waiting(service.installation) == 0, service)


def test_machines_that_die_in_turn_lose_and_double_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database_of_its_own("turns") as address:
        monkeypatch.setenv("BANSO_DATABASE_URL", address)
        front, one, two = [Installation(tmp_path / name) for name in ("front", "one", "two")]
        front.command("audit")
        front.python(MAKE_SOURCE)
        with (
            Service(front, options=("--web-only",)) as service,
            Traffic(service.port, size=5, compose=event) as traffic,
        ):
            with working(one) as first, working(two):
                send(service, traffic, 100)
                traffic.allow(traffic.allowed + 300)
                first.kill()
                send(service, traffic, 100)
            # The warehouse of the first is behind what the second has taken in meanwhile.
            with working(one):
                send(service, traffic, 100)
        expected = {f"m{number}": 1 for number in range(1, traffic.allowed * traffic.size)}
        assert kept_events(one) == expected
        one.command("worker", "--once")
        found = made_of_it(one)
        one.command("rebuild")
        assert differing(found, made_of_it(one)) == ()
