"""Live work goes on after a worker died, beside a second one, and in what a backup gives back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.failing_disk import event
from tests.reliability.installation import Installation
from tests.reliability.projections import differing, kept_events, made_of_it, waiting
from tests.reliability.service import MAKE_SOURCE, WORKER, Service, wait_until
from tests.reliability.traffic import Traffic

pytestmark = pytest.mark.slow
#: Three times what is aimed at, since tests share the machine.
REPLACED_SECONDS = 30


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An installation with a source, served with its worker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BANSO_DATABASE_URL", raising=False)
        installation = Installation(tmp_path_factory.mktemp("served") / "data")
        installation.command("audit")
        installation.python(MAKE_SOURCE)
        with Service(installation) as served:
            yield served


@pytest.fixture(scope="module")
def traffic(service: Service) -> Iterator[Traffic]:
    with Traffic(service.port, size=5, compose=event) as sent:
        yield sent


def expected(traffic: Traffic) -> dict[str, int]:
    return {f"m{number}": 1 for number in range(1, traffic.allowed * traffic.size)}


def send(service: Service, traffic: Traffic, requests: int) -> None:
    """Send some more and wait until all of it is judged."""
    traffic.allow(traffic.allowed + requests)
    wait_until(lambda: traffic.is_done() and waiting(service.installation) == 0, service)


def test_a_worker_that_dies_is_replaced_within_seconds(service: Service, traffic: Traffic) -> None:
    send(service, traffic, 20)
    (killed,) = service.pids(WORKER)
    service.kill(WORKER)
    traffic.allow(traffic.allowed + 20)
    served = service.installation
    took = wait_until(lambda: kept_events(served) == expected(traffic), service)
    assert took < REPLACED_SECONDS
    assert killed not in service.pids(WORKER)


def test_a_second_worker_on_the_same_directory_is_refused(
    service: Service, traffic: Traffic
) -> None:
    send(service, traffic, 5)
    for command in (("worker",), ("worker", "--once")):
        status, said = service.installation.attempt(*command)
        assert status != 0
        assert "Another worker is running" in said
    send(service, traffic, 20)
    assert kept_events(service.installation) == expected(traffic)


def test_a_backup_in_the_middle_of_events_gives_back_one_state(
    service: Service, traffic: Traffic, tmp_path: Path
) -> None:
    send(service, traffic, 5)
    archive, before = tmp_path / "backup.tar.gz", set(expected(traffic))
    traffic.allow(traffic.allowed + 2_000)
    sent_before = len(traffic.acknowledged)
    backup = threading.Thread(target=service.installation.command, args=("backup", str(archive)))
    backup.start()
    backup.join()
    assert len(traffic.acknowledged) > sent_before, "events came while the backup was taken"
    restored = Installation(tmp_path / "restored")
    restored.command("restore", str(archive))
    assert before <= kept_events(restored).keys()
    with Service(restored) as again, Traffic(again.port, size=5, compose=event) as repeated:
        repeated.allow(traffic.allowed)
        wait_until(lambda: repeated.is_done() and waiting(restored) == 0, again, seconds=180)
        again.stop()
    assert kept_events(restored) == expected(repeated)
    found = made_of_it(restored)
    restored.command("rebuild")
    assert differing(found, made_of_it(restored)) == ()
