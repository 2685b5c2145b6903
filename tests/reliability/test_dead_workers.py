"""What a worker leaves behind when it dies is done once, by another; nothing waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from banso.kit import clock
from banso.workspace import tasks
from banso.workspace.models import Job, Schedule, WorkerHeartbeat
from banso.workspace.services import jobs, rescue
from banso.workspace.services.rescue import Watch, rescue_abandoned
from banso.workspace.types import SYSTEM, JobStatus

pytestmark = pytest.mark.django_db
KIND = "test.dead"


@pytest.fixture
def ran() -> Iterator[list[int]]:
    done: list[int] = []
    jobs.register(KIND, lambda job: done.append(job.job.pk))
    yield done
    jobs._handlers.pop(KIND, None)


def run_queued() -> None:
    """What a worker does with the queue, once."""
    for result in DBTaskResult.objects.ready():
        result.claim("me")
        jobs.run_job.func(*result.args_kwargs["args"])
        result.set_successful(None)


def running(job: Job, worker: str, *, attempts: int = 1) -> Job:
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, worker_id=worker, attempts=attempts
    )
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=[worker])
    job.refresh_from_db()
    return job


def beats(worker: str, moment: datetime) -> None:
    WorkerHeartbeat.objects.update_or_create(
        worker_id=worker, defaults={"seen_at": moment, "started_at": moment}
    )


def test_a_job_whose_worker_died_before_it_began_is_not_lost(ran: list[int]) -> None:
    job = jobs.start(actor=SYSTEM, kind=KIND, key="nightly")
    DBTaskResult.objects.get().claim("dead")
    assert rescue_abandoned() == 1
    run_queued()
    assert ran == [job.pk]
    assert rescue_abandoned() == 0
    run_queued()
    assert ran == [job.pk]


def test_a_job_that_a_living_worker_is_about_to_begin_is_left_to_it(ran: list[int]) -> None:
    jobs.start(actor=SYSTEM, kind=KIND)
    DBTaskResult.objects.get().claim("alive")
    beats("alive", clock.now())
    assert rescue_abandoned() == 0


def test_two_that_rescue_at_once_queue_the_job_once(ran: list[int]) -> None:
    job = running(jobs.start(actor=SYSTEM, kind=KIND, key="once"), "dead")
    assert jobs.retry_or_give_up(job, rescue.STOPPED, at_once=True)
    assert not jobs.retry_or_give_up(job, rescue.STOPPED, at_once=True)
    job.refresh_from_db()
    assert job.status in (JobStatus.QUEUED, JobStatus.CANCELLED)
    assert DBTaskResult.objects.ready().count() == 1
    run_queued()


def test_a_job_that_kills_every_worker_is_given_up(ran: list[int]) -> None:
    job = jobs.start(actor=SYSTEM, kind=KIND)
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        running(job, "dead", attempts=attempt)
        assert rescue_abandoned() == (attempt < jobs.MAX_ATTEMPTS)
    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, rescue.STOPPED)
    assert not DBTaskResult.objects.ready().exists()


def test_a_worker_thought_dead_does_not_end_the_attempt_of_another(ran: list[int]) -> None:
    job = jobs.start(actor=SYSTEM, kind=KIND)
    slow = running(job, "slow", attempts=1)
    running(Job.objects.get(pk=job.pk), "other", attempts=2)
    jobs._finish(slow, JobStatus.FAILED, error="too late")
    job.refresh_from_db()
    assert (job.status, job.worker_id) == (JobStatus.RUNNING, "other")


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=365), timedelta(days=-365)])
def test_a_jump_of_the_clock_makes_nobody_dead(
    jump: timedelta, ran: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = running(jobs.start(actor=SYSTEM, kind=KIND), "other")
    watch, ticks = Watch(), [100.0]
    monkeypatch.setattr(rescue.time, "monotonic", lambda: ticks[0])
    moment = clock.now()
    beats("other", moment)
    for beat in range(20):
        ticks[0] += 5
        moment += jump if beat == 10 else timedelta(seconds=5)
        # The clock jumps just before this worker looks, and the other has not beaten since.
        with clock.at(moment):
            assert rescue_abandoned(watch) == 0
        beats("other", moment)
        running(job, "other")
    assert rescue_abandoned(watch) == 0
    ticks[0] += 31
    assert rescue_abandoned(watch) == 1
    assert not WorkerHeartbeat.objects.exists()


def test_a_retry_planned_under_a_wrong_clock_does_not_wait_for_it(ran: list[int]) -> None:
    job = jobs.start(actor=SYSTEM, kind=KIND)
    DBTaskResult.objects.update(run_after=clock.now() + timedelta(days=365))
    run_queued()
    assert ran == []
    rescue_abandoned()
    run_queued()
    assert ran == [job.pk]


def test_an_occurrence_is_claimed_together_with_its_job(
    ran: list[int], stopped_clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_periodic", {})
    tasks.every("nightly", "0 2 * * *", KIND)
    tasks.fire_due()
    due = stopped_clock + timedelta(hours=14)

    def power_cut(**options: object) -> Job:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(jobs, "start", power_cut)
        with clock.at(due), pytest.raises(KeyboardInterrupt):
            tasks.fire_due()
    assert Schedule.objects.get().last_fired_at == stopped_clock
    with clock.at(due):
        assert tasks.fire_due() == ["nightly"]


def test_a_beat_that_fails_is_not_the_last(ran: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    worker = tasks.BansoWorker()
    beaten: list[int] = []

    def beat() -> None:
        beaten.append(1)
        if len(beaten) == 1:
            raise RuntimeError("the database is locked")
        worker._stopped.set()

    monkeypatch.setattr(worker, "_beat_once", beat)
    monkeypatch.setattr(tasks, "BEAT_SECONDS", 0.001)
    monkeypatch.setattr(tasks.connections, "close_all", lambda: None)
    worker._beat()
    assert len(beaten) == 2


FIRE = """
import sys, time, django
django.setup()
from datetime import datetime
from banso.kit import clock
from banso.workspace import tasks
from banso.workspace.services import jobs
jobs.register("test.fire", lambda job: None)
tasks._periodic.clear()
tasks.every("often", "* * * * *", "test.fire")
time.sleep(max(0, float(sys.argv[1]) - time.time()))
fired = 0
for moment in sys.argv[2:]:
    with clock.at(datetime.fromisoformat(moment)):
        fired += len(tasks.fire_due())
print(fired)
"""


@pytest.mark.slow
def test_four_processes_that_fire_at_once_fire_each_occurrence_once(tmp_path: Path) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if k != "BANSO_DATABASE_URL"},
        "BANSO_DATA_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    prepared = [sys.executable, "-m", "banso", "audit"]
    subprocess.run(prepared, env=environment, check=True, capture_output=True)
    moments = [f"2026-04-15T03:{minute:02}:30+00:00" for minute in range(16)]
    start = str(time.time() + 6)
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", FIRE, start, *moments],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    fired = [int(process.communicate()[0]) for process in racing]
    assert [process.returncode for process in racing] == [0] * 4
    # The first moment only begins the count; each of the 15 minutes after it fires once.
    assert sum(fired) == 15
