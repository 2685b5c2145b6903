"""One worker at a time: who may take the lease, who loses it, and what a clock has no say in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO

import pytest
from django.db import connection, connections, transaction

from banso.kit.errors import ConflictError
from banso.workspace.models import WorkerLease
from banso.workspace.services import lease, owner
from banso.workspace.services.lease import Claim, LeaseLostError

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_time(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock of this process, which a test moves by hand."""
    now = [1_000.0]
    monkeypatch.setattr(lease, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def locks(tmp_path: Path) -> Iterator[tuple[TextIO, TextIO]]:
    """The lock files of two machines."""
    with (tmp_path / "a").open("w") as one, (tmp_path / "b").open("w") as other:
        yield one, other


def test_a_second_machine_waits_while_the_first_renews(
    own_time: list[float], locks: tuple[TextIO, TextIO]
) -> None:
    first, second = Claim(), Claim()
    assert first.take(locks[0])
    for _ in range(30):
        own_time[0] += lease.RENEW_SECONDS
        assert not second.take(locks[1])
        assert first.renew()


def test_a_silent_holder_is_replaced_and_finds_out(
    own_time: list[float], locks: tuple[TextIO, TextIO]
) -> None:
    first, second = Claim(), Claim()
    assert first.take(locks[0])
    assert not second.take(locks[1])
    own_time[0] += lease.DEAD_SECONDS - 0.1
    assert not second.take(locks[1])
    own_time[0] += 0.1
    assert second.take(locks[1])
    assert not first.renew()
    assert second.renew()


def test_what_the_row_says_of_time_decides_nothing(
    own_time: list[float], locks: tuple[TextIO, TextIO]
) -> None:
    first, second = Claim(), Claim()
    first.take(locks[0])
    for moment in ("1990-01-01T00:00:00Z", "2090-01-01T00:00:00Z", None):
        WorkerLease.objects.update(renewed_at=moment)
        assert not second.take(locks[1])


def test_who_has_the_same_file_lock_need_not_wait(locks: tuple[TextIO, TextIO]) -> None:
    assert Claim().take(locks[0])
    assert Claim().take(locks[0])


def test_a_lease_that_was_let_go_is_free(locks: tuple[TextIO, TextIO]) -> None:
    first, second = Claim(), Claim()
    first.take(locks[0])
    first.release()
    assert second.take(locks[1])
    first.release()
    assert second.renew()


def test_of_two_that_saw_the_same_row_one_takes_it(locks: tuple[TextIO, TextIO]) -> None:
    seen, _ = WorkerLease.objects.get_or_create(name=lease.WAREHOUSE)
    assert lease._swap(seen, "one", "here")
    assert not lease._swap(seen, "other", "there")


def test_a_holder_who_renewed_after_all_keeps_it(
    own_time: list[float], locks: tuple[TextIO, TextIO]
) -> None:
    first = Claim()
    first.take(locks[0])
    seen = WorkerLease.objects.get()
    first.renew()
    assert not lease._swap(seen, "other", "there")


def test_a_holder_that_cannot_renew_ends_before_another_may_begin() -> None:
    # It notices at the end of a try that began before the limit was over.
    latest_end = lease.GIVE_UP_SECONDS + lease.RENEW_SECONDS
    assert latest_end < lease.DEAD_SECONDS
    assert lease.DEAD_SECONDS + owner.LOOK_SECONDS < 30


@pytest.mark.parametrize("renews", [False, None], ids=["replaced", "database gone"])
def test_a_worker_without_its_lease_ends_at_once(
    renews: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    stopped = threading.Event()
    now = iter(range(0, 1_000, 5))

    def renew() -> bool:
        if renews is None:
            raise ConnectionError
        return renews

    def end(why: str) -> None:
        ended.append(why)
        stopped.set()

    monkeypatch.setattr(lease, "RENEW_SECONDS", 0)
    monkeypatch.setattr(owner, "time", SimpleNamespace(monotonic=lambda: float(next(now))))
    monkeypatch.setattr(owner, "_end", end)
    monkeypatch.setattr(owner, "connections", SimpleNamespace(close_all=lambda: None))
    owner._keep(SimpleNamespace(renew=renew), stopped)  # type: ignore[arg-type]
    assert len(ended) == 1


def test_without_waiting_a_worker_elsewhere_is_a_conflict(
    tmp_path: Path, locks: tuple[TextIO, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "is_needed", lambda: True)
    Claim().take(locks[0])
    with (
        pytest.raises(ConflictError, match="another machine"),
        owner.only_worker(tmp_path / "c"),
    ):
        pass


@pytest.fixture
def held(locks: tuple[TextIO, TextIO]) -> Iterator[Claim]:
    claim = Claim()
    claim.take(locks[0])
    lease.hold(claim)
    yield claim
    lease.hold(None)


postgres = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite is of one machine")


@postgres
def test_nothing_is_published_by_one_that_was_replaced(held: Claim) -> None:
    with transaction.atomic():
        lease.confirm()
    WorkerLease.objects.update(holder="other")
    with pytest.raises(LeaseLostError), transaction.atomic():
        lease.confirm()


@postgres
@pytest.mark.django_db(transaction=True)
def test_a_takeover_waits_for_a_transaction_that_confirmed_and_renewing_does_not(
    held: Claim,
) -> None:
    renewed, taken = threading.Event(), threading.Event()

    def renew() -> None:
        if held.renew():
            renewed.set()
        lease._swap(WorkerLease.objects.get(), "other", "there")
        taken.set()
        connections.close_all()

    with transaction.atomic():
        lease.confirm()
        thread = threading.Thread(target=renew)
        thread.start()
        assert renewed.wait(10)
        assert not taken.wait(0.5)
    assert taken.wait(10)
    thread.join()
