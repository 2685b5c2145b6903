"""Background jobs: run once, retried, cancelled, rescued; schedules fire once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django_tasks_db.models import DBTaskResult

from banso.kit import clock
from banso.kit.errors import BansoError, ConflictError, InvalidInputError
from banso.workspace import tasks
from banso.workspace.models import Job, WorkerHeartbeat
from banso.workspace.selectors import live_workers
from banso.workspace.services import jobs
from banso.workspace.types import SYSTEM, JobStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> Iterator[str]:
    yield "test.kind"
    jobs._handlers.pop("test.kind", None)


def run_queued() -> None:
    """What a worker does with the queue, once, in this process."""
    for queued in Job.objects.filter(status=JobStatus.QUEUED):
        jobs.run_job.func(queued.pk)


def test_a_job_runs_once_and_keeps_its_result(kind: str) -> None:
    ran = []
    jobs.register(kind, lambda job: ran.append(job.params["n"]) or {"sum": 3})
    job = jobs.start(actor=SYSTEM, kind=kind, params={"n": 1})
    run_queued()
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert ran == [1]
    assert (job.status, job.result, job.attempts) == (JobStatus.DONE, {"sum": 3}, 1)


def test_progress_is_written_now_and_then(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_of_the_machine = SimpleNamespace(monotonic=lambda: next(moments))
    # The first is asked once more when it is written.
    moments = iter([0.0, 0.0, 0.1, 0.3, 0.3])
    monkeypatch.setattr(jobs, "time", clock_of_the_machine)
    kept = []

    def work(job: jobs.JobHandle) -> None:
        for done in (1, 2, 3):
            job.progress(done, 3)
            kept.append(Job.objects.get(pk=job.job.pk).done)

    monkeypatch.setattr(jobs, "PROGRESS_EVERY_SECONDS", 0.25)
    jobs.register(kind, work)
    jobs.start(actor=SYSTEM, kind=kind)
    run_queued()
    assert kept == [1, 1, 3]


def test_one_job_waits_per_key(kind: str) -> None:
    jobs.register(kind, lambda job: None)
    first = jobs.start(actor=SYSTEM, kind=kind, key="refresh")
    assert jobs.start(actor=SYSTEM, kind=kind, key="refresh").pk == first.pk
    run_queued()
    assert jobs.start(actor=SYSTEM, kind=kind, key="refresh").pk != first.pk


def test_a_run_does_the_work_of_those_that_waited_with_it(kind: str) -> None:
    runs: list[int] = []
    late: list[Job] = []

    def handler(job: jobs.JobHandle) -> dict[str, int]:
        runs.append(1)
        if not late:
            late.append(jobs.start(actor=SYSTEM, kind=kind))
        return {"run": len(runs)}

    jobs.register(kind, handler, absorbs=True)
    first, second = (jobs.start(actor=SYSTEM, kind=kind) for _ in range(2))
    other = jobs.start(actor=SYSTEM, kind=kind, params={"from": "2026-01-01"})
    jobs.run_job.func(first.pk)
    for job in (second, other, late[0]):
        job.refresh_from_db()
    assert (second.status, second.result) == (JobStatus.DONE, {"run": 1})
    assert {other.status, late[0].status} == {JobStatus.QUEUED}
    jobs.run_job.func(second.pk)
    assert len(runs) == 1


def test_a_failing_job_is_tried_five_times(kind: str) -> None:
    ran = []

    def fail(job: jobs.JobHandle) -> None:
        ran.append(1)
        raise RuntimeError("disk on fire")

    jobs.register(kind, fail)
    job = jobs.start(actor=SYSTEM, kind=kind)
    for _ in range(8):
        run_queued()
    job.refresh_from_db()
    assert len(ran) == jobs.MAX_ATTEMPTS
    assert job.status == JobStatus.FAILED
    assert "disk on fire" in job.error


def test_an_error_for_people_is_not_tried_again(kind: str) -> None:
    def refuse(job: jobs.JobHandle) -> None:
        raise InvalidInputError("The file is empty.", remedy="Choose another.")

    jobs.register(kind, refuse)
    job = jobs.start(actor=SYSTEM, kind=kind)
    run_queued()
    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, "The file is empty. Choose another.")


def test_a_running_job_stops_at_its_next_progress(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PROGRESS_EVERY_SECONDS", 0)
    steps = []

    def work(job: jobs.JobHandle) -> None:
        for step in range(10):
            steps.append(step)
            if step == 2:
                jobs.cancel(actor=SYSTEM, job=job.job)
            job.progress(step, 10)

    jobs.register(kind, work)
    job = jobs.start(actor=SYSTEM, kind=kind)
    run_queued()
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert steps == [0, 1, 2]
    with pytest.raises(ConflictError):
        jobs.cancel(actor=SYSTEM, job=job)


def test_a_job_cancelled_while_it_waits_never_runs(kind: str) -> None:
    ran = []
    jobs.register(kind, lambda job: ran.append(1) and None)
    job = jobs.start(actor=SYSTEM, kind=kind)
    jobs.cancel(actor=SYSTEM, job=job)
    jobs.run_job.func(job.pk)
    assert ran == []


def test_a_job_whose_worker_died_runs_again(kind: str, stopped_clock: datetime) -> None:
    jobs.register(kind, lambda job: {"ok": 1})
    job = jobs.start(actor=SYSTEM, kind=kind)
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, worker_id="gone", attempts=1)
    WorkerHeartbeat.objects.create(
        worker_id="gone",
        started_at=stopped_clock,
        seen_at=stopped_clock - timedelta(seconds=10),
    )
    assert tasks.rescue_abandoned() == 0
    with clock.at(stopped_clock + timedelta(minutes=1)):
        assert tasks.rescue_abandoned() == 1
    run_queued()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_the_worker_empties_the_queue(kind: str) -> None:
    jobs.register(kind, lambda job: {"by": jobs.worker_id.get()})
    job = jobs.start(actor=SYSTEM, kind=kind)
    worker = tasks.BansoWorker(batch=True, interval=0)
    worker.run()
    job.refresh_from_db()
    assert job.result == {"by": worker.worker_id}
    assert not DBTaskResult.objects.ready().exists()
    assert not WorkerHeartbeat.objects.exists()


@pytest.fixture
def nightly(kind: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ran: list[int] = []
    jobs.register(kind, lambda job: ran.append(1) and None)
    monkeypatch.setattr(tasks, "_periodic", {})
    tasks.every("nightly", "0 2 * * *", kind)
    return ran


def fire(moment: datetime) -> list[str]:
    with clock.at(moment):
        return tasks.fire_due()


def test_a_schedule_fires_once_in_the_companys_zone(
    nightly: list[int], stopped_clock: datetime
) -> None:
    assert fire(stopped_clock) == []
    two_in_tokyo = stopped_clock.replace(hour=17)
    assert fire(two_in_tokyo - timedelta(seconds=1)) == []
    assert fire(two_in_tokyo) == ["nightly"]
    assert fire(two_in_tokyo) == []


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=20)])
def test_a_clock_that_is_put_back_a_little_fires_nothing_twice(
    jump: timedelta, nightly: list[int], stopped_clock: datetime
) -> None:
    fire(stopped_clock)
    two_in_tokyo = stopped_clock.replace(hour=17)
    assert fire(two_in_tokyo) == ["nightly"]
    assert fire(two_in_tokyo - jump) == []
    assert fire(two_in_tokyo) == []
    assert fire(two_in_tokyo + timedelta(days=1)) == ["nightly"]


def test_a_clock_that_was_a_year_ahead_fires_once_and_misses_nothing_afterwards(
    nightly: list[int], stopped_clock: datetime
) -> None:
    fire(stopped_clock)
    assert fire(stopped_clock + timedelta(days=365)) == ["nightly"]
    assert fire(stopped_clock) == []
    assert fire(stopped_clock + timedelta(hours=13)) == []
    assert fire(stopped_clock + timedelta(hours=14)) == ["nightly"]


def test_only_one_process_owns_the_warehouse(tmp_path: Path) -> None:
    lock = tmp_path / "worker.lock"
    other = tasks.only_worker(lock)
    with tasks.only_worker(lock), pytest.raises(ConflictError, match="Another worker"), other:
        pass
    with tasks.only_worker(lock):
        pass


@pytest.mark.django_db(transaction=True)
def test_the_command_line_has_a_job_done_and_sees_its_progress(kind: str, tmp_path: Path) -> None:
    def work(job: jobs.JobHandle) -> dict[str, int]:
        job.progress(1, 2, "half")
        return {"answer": 42}

    seen: list[tuple[int, int, str]] = []
    jobs.register(kind, work)
    job = tasks.do_now(
        actor=SYSTEM,
        kind=kind,
        lock_path=tmp_path / "lock",
        show=lambda done, total, note: seen.append((done, total, note)),
    )
    assert job.result == {"answer": 42}
    assert seen == [(1, 2, "half")]


@pytest.mark.django_db(transaction=True)
def test_a_failed_job_is_an_error_on_the_command_line(kind: str, tmp_path: Path) -> None:
    def refuse(job: jobs.JobHandle) -> None:
        raise InvalidInputError("The file is empty.")

    jobs.register(kind, refuse)
    with pytest.raises(BansoError, match="The file is empty"):
        tasks.do_now(actor=SYSTEM, kind=kind, lock_path=tmp_path / "lock")


@pytest.mark.django_db(transaction=True)
def test_a_job_that_the_other_worker_left_waiting_is_done_here(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.register(kind, lambda job: {"answer": 42})
    slept: list[float] = []
    with ExitStack() as other:
        other.enter_context(tasks.only_worker(tmp_path / "lock"))

        def end_the_other_worker(seconds: float) -> None:
            slept.append(seconds)
            assert len(slept) < 5, "nobody does the job"
            other.close()

        monkeypatch.setattr(tasks, "time", SimpleNamespace(sleep=end_the_other_worker))
        job = tasks.do_now(actor=SYSTEM, kind=kind, lock_path=tmp_path / "lock")
    assert (job.result, len(slept)) == ({"answer": 42}, 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_failed_and_is_tried_later_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    def fail(job: jobs.JobHandle) -> None:
        raise RuntimeError("disk on fire")

    jobs.register(kind, fail)
    with pytest.raises(BansoError, match="disk on fire"):
        tasks.do_now(actor=SYSTEM, kind=kind, lock_path=tmp_path / "lock")


def test_workers_count_while_they_give_signs_of_life(stopped_clock: datetime) -> None:
    for number, seconds in enumerate((1, 29, 31)):
        seen = stopped_clock - timedelta(seconds=seconds)
        WorkerHeartbeat.objects.create(worker_id=f"{number}", started_at=seen, seen_at=seen)
    assert live_workers() == 2
