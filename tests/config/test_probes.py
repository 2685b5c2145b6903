"""Probes answer whom they should, in time, and say what to do."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from banso.config import probes, readiness
from banso.config.probes import is_trusted
from banso.kit import clock
from banso.workspace.models import Schedule, WorkerHeartbeat
from banso.workspace.services import gauges
from banso.workspace.services.exposition import exposition

LOCAL = [(b"host", b"127.0.0.1:8000")]


def scope(path: str, *, client: str = "127.0.0.1", headers: Any = LOCAL, **rest: Any) -> Any:
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": headers,
        "client": (client, 40_000) if client else None,
        **rest,
    }


def at_a_stretch(work: Any) -> None:
    """Run what never waits, in the context that has the connection of the test."""
    with pytest.raises(StopIteration):
        work.send(None)


def ask(asked: Any, run: Any = at_a_stretch) -> tuple[int, str]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    run(probes.probes(asked, None, send))  # type: ignore[arg-type]
    return sent[0]["status"], sent[1]["body"].decode()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What asks for the thread of probes is answered in the thread of the test."""

    async def at_once(work: Any) -> Any:
        return work()

    monkeypatch.setattr(probes, "_in_time", at_once)


def a_worker(seconds_ago: int = 1, figures: str = "") -> None:
    seen = clock.now() - timedelta(seconds=seconds_ago)
    WorkerHeartbeat.objects.create(
        worker_id=f"w{seconds_ago}", started_at=seen, seen_at=seen, figures=figures
    )


def test_a_living_process_says_so_without_the_database() -> None:
    # Without the mark of pytest-django any query fails.
    assert ask(scope("/healthz", client="203.0.113.9"))[0] == 200


@pytest.mark.django_db
def test_everything_in_order_is_ready(here: None) -> None:
    a_worker()
    status, body = ask(scope("/readyz"))
    assert status == 200, body
    assert [check["name"] for check in json.loads(body)["checks"]] == list(readiness.CHECKS)


@pytest.mark.django_db
def test_without_a_worker_it_is_not_ready_and_says_what_to_do(here: None) -> None:
    a_worker(seconds_ago=31)
    status, body = ask(scope("/readyz"))
    (failed,) = [check for check in json.loads(body)["checks"] if not check["ok"]]
    assert (status, failed["name"]) == (503, "worker")
    assert "banso worker" in failed["remedy"]
    assert ask(scope("/readyz?without=worker"))[0] == 200


@pytest.mark.django_db
def test_changes_of_tables_that_wait_are_told(here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_leaves", lambda: (("workspace", "9999_to_come"),))
    a_worker()
    status, body = ask(scope("/readyz"))
    assert (status, "1 changes wait" in body) == (503, True)


@pytest.mark.django_db
def test_a_directory_that_cannot_be_written_is_told(
    here: None, settings: Any, tmp_path: Any
) -> None:
    a_worker()
    settings.FILES_DIR = tmp_path / "gone"
    assert ask(scope("/readyz"))[0] == 503


@pytest.mark.django_db
def test_a_database_that_cannot_be_asked_is_told_without_its_words(
    here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Any:
        raise ConnectionError("password authentication failed for user banso")

    monkeypatch.setattr(connection, "cursor", refuse)
    status, body = ask(scope("/readyz?without=tables&without=worker"))
    assert status == 503
    assert "ConnectionError" in body
    assert "password" not in body


def test_a_database_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(probes, "_ready", lambda scope, trusted: time.sleep(0.3))
    assert ask(scope("/readyz"), asyncio.run)[0] == 503


@pytest.mark.django_db
def test_a_stranger_learns_good_or_bad_only(here: None) -> None:
    status, body = ask(scope("/readyz", client="203.0.113.9"))
    assert status == 503
    assert {tuple(check) for check in json.loads(body)["checks"]} == {("name", "ok")}


@pytest.mark.parametrize("path", probes.PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_probes_are_only_read(path: str, method: str) -> None:
    assert ask(scope(path, method=method))[0] == 405


STRANGERS = {
    "another machine": scope("/metrics", client="203.0.113.9"),
    "nobody": scope("/metrics", client=""),
    "a socket": scope("/metrics", client="/run/banso.sock"),
    "a proxy": scope("/metrics", headers=[*LOCAL, (b"x-forwarded-for", b"203.0.113.9")]),
    "an honest proxy": scope("/metrics", headers=[*LOCAL, (b"forwarded", b"for=203.0.113.9")]),
    "a proxy for a name": scope("/metrics", headers=[(b"host", b"banso.example.com")]),
    "no host": scope("/metrics", headers=[]),
    "a name like ours": scope("/metrics", headers=[(b"host", b"127.0.0.1.evil.example")]),
}


@pytest.mark.parametrize("asked", STRANGERS.values(), ids=STRANGERS)
def test_figures_are_not_for_strangers(asked: Any) -> None:
    assert not is_trusted(asked)
    status, body = ask(asked)
    assert status == 403
    assert "banso_" not in body


@pytest.mark.parametrize("host", [b"localhost:8000", b"127.0.0.1", b"[::1]:8000", b"[::1]"])
@pytest.mark.parametrize("client", ["127.0.0.1", "::1"])
def test_figures_are_for_this_machine(client: str, host: bytes) -> None:
    assert is_trusted(scope("/metrics", client=client, headers=[(b"host", host)]))


def test_where_a_proxy_is_in_front_this_machine_needs_the_token_too(settings: Any) -> None:
    settings.HTTPS = True
    assert not is_trusted(scope("/metrics"))


@pytest.mark.parametrize(
    ("shown", "trusted"),
    [(b"Bearer right", True), (b"Bearer wrong", False), (b"right", False), (b"", False)],
)
def test_a_token_counts_from_anywhere_and_nothing_else_does(
    shown: bytes, trusted: bool, settings: Any
) -> None:
    settings.METRICS_TOKEN = "right"
    headers = [*LOCAL, (b"authorization", shown)]
    assert is_trusted(scope("/metrics", client="203.0.113.9", headers=headers)) is trusted
    assert not is_trusted(scope("/metrics"))


@pytest.fixture
def _one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "_readings", {})


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_reading")
def test_figures_of_web_worker_and_database_stand_in_one_text() -> None:
    ours = gauges.counter("banso_tested_total", "Tested", ["what"])
    ours.labels("a").inc(2)
    a_worker(figures='# TYPE banso_tested_total counter\nbanso_tested_total{what="a"} 5.0\n')
    a_worker(seconds_ago=40, figures="banso_tested_total 987654.0\n")
    gauges.reading("banso_waiting", "Waiting", lambda: {("x",): 3}, ["kind"])
    text = exposition()
    assert 'banso_tested_total{process="web",what="a"} 2.0' in text
    assert 'banso_tested_total{process="worker",what="a"} 5.0' in text
    assert 'banso_waiting{kind="x"} 3.0' in text
    assert text.count("# TYPE banso_tested_total counter") == 1
    assert "987654" not in text


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_reading")
def test_a_figure_that_cannot_be_read_leaves_the_others(caplog: pytest.LogCaptureFixture) -> None:
    gauges.reading("banso_a", "A", lambda: {(): Schedule.objects.get(name="none").pk})
    gauges.reading("banso_b", "B", lambda: {(): 1})
    assert "banso_b 1.0" in exposition()
    assert "banso_a" in caplog.text


def test_what_a_check_is_made_of_can_be_told() -> None:
    check = readiness.Check("worker", False, "gone", "start it")
    assert probes._told(check, trusted=False) == {"name": "worker", "ok": False}
    assert probes._told(replace(check, ok=True), trusted=True)["remedy"] == "start it"


def test_the_server_hands_probes_here_and_figures_to_nobody_else() -> None:
    from banso.config.asgi import application

    async def ask_the_server(asked: Any) -> int:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await application(asked, None, send)  # type: ignore[arg-type]
        return int(sent[0]["status"])

    assert asyncio.run(ask_the_server(scope("/healthz", client="203.0.113.9"))) == 200
    assert asyncio.run(ask_the_server(scope("/metrics", client="203.0.113.9"))) == 403
