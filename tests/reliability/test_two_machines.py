"""Two machines on one database server: one worker works, the other takes over when it dies."""

from __future__ import annotations

import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from banso.workspace.services.owner import REPLACED
from tests.reliability.installation import Installation
from tests.reliability.servers import IS_POSTGRES, database_of_its_own

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not IS_POSTGRES,
        reason="SQLite is of one machine",
    ),
]
HOLDER = "SELECT holder FROM workspace_workerlease"
TAKEOVER_SECONDS = 30


class Machine(Installation):
    """A machine with a data directory of its own and a worker."""

    def worker(self) -> subprocess.Popen[str]:
        return self.start("worker")


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Machine]]:
    with database_of_its_own("machines") as address:
        monkeypatch.setenv("BANSO_DATABASE_URL", address)
        yield [Machine(tmp_path / name) for name in ("one", "two")]


@pytest.fixture
def workers(machines: list[Machine]) -> Iterator[list[subprocess.Popen[str]]]:
    """A worker at work, and one that stands by."""
    machines[0].command("user", "leader@banso.example", "--generate")
    first = machines[0].worker()
    wait_for(lambda: held_by(machines[0], first), seconds=60)
    second = machines[1].worker()
    try:
        wait_for_line(second, "stands by")
        yield [first, second]
    finally:
        for process in (first, second):
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.communicate()


def held_by(machine: Machine, worker: subprocess.Popen[str]) -> bool:
    return any(f"-{worker.pid}-" in holder for (holder,) in machine.query(HOLDER))


def wait_for(condition, seconds: float) -> float:
    """Wait until something holds and return how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.1)
    return time.monotonic() - began


def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    said: list[str] = []
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + 60
        while waiting.select(max(0, deadline - time.monotonic())):
            line = process.stdout.readline()
            said.append(line)
            if text in line:
                return
            if not line:
                break
    pytest.fail(f"It never said “{text}”, but: {''.join(said)}")


def test_the_death_of_a_machine_hands_the_work_over(
    machines: list[Machine], workers: list[subprocess.Popen[str]]
) -> None:
    first, second = workers
    time.sleep(8)
    assert held_by(machines[0], first)
    first.kill()
    wait_for(lambda: held_by(machines[1], second), seconds=TAKEOVER_SECONDS)


def test_a_machine_that_was_suspended_finds_itself_replaced_and_ends(
    machines: list[Machine], workers: list[subprocess.Popen[str]]
) -> None:
    first, second = workers
    first.send_signal(signal.SIGSTOP)
    wait_for(lambda: held_by(machines[1], second), seconds=TAKEOVER_SECONDS)
    first.send_signal(signal.SIGCONT)
    assert first.wait(timeout=15) == REPLACED
    assert held_by(machines[1], second)


def test_the_end_of_a_worker_hands_the_work_over_at_once(
    machines: list[Machine], workers: list[subprocess.Popen[str]]
) -> None:
    first, second = workers
    first.terminate()
    assert first.wait(timeout=30) == 0
    assert wait_for(lambda: held_by(machines[1], second), seconds=5) < 5


def test_a_command_of_another_machine_leaves_the_work_to_the_worker(
    machines: list[Machine], workers: list[subprocess.Popen[str]]
) -> None:
    assert machines[1].command("rebuild").strip().endswith("The warehouse was made anew.")
    assert not (machines[1].data_dir / "warehouse.duckdb").exists()
    assert held_by(machines[0], workers[0])
