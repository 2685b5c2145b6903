"""Commands of the command line, against an installation of their own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from banso.config.cli import doctor, main
from banso.config.cli.prepare import judge_again
from banso.config.cli.serve import answers, choose_port
from banso.kit.errors import ConflictError


def test_doctor_names_what_is_wrong_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version", "3.40.1")
    (finding,) = doctor._sqlite_build()
    assert finding.state == "bad"
    assert "3.40.1" in finding.detail
    assert "./banso doctor" in finding.remedy


def test_doctor_finds_the_build_of_this_installation_safe() -> None:
    (finding,) = doctor._sqlite_build()
    assert finding.state == "ok"


def test_doctor_finds_no_good_in_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert [finding.state for finding in doctor._directories()] == ["bad"]


@pytest.mark.django_db
def test_doctor_reports_a_check_that_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[doctor.Finding]:
        raise OSError("disk gone")
        yield

    checks: tuple[Callable[[], Iterator[doctor.Finding]], ...] = (broken,)
    monkeypatch.setattr(doctor, "CHECKS", checks)
    (finding,) = doctor.examine()
    assert (finding.state, "disk gone" in finding.detail) == ("bad", True)


@pytest.mark.django_db
def test_another_version_publishes_anew_where_there_is_something_to_judge() -> None:
    from banso.accounts.services.accounts import create_account
    from banso.workspace.models import Job
    from banso.workspace.types import SYSTEM

    judge_again()
    assert not Job.objects.exists()
    create_account(actor=SYSTEM, name="Aoba")
    Job.objects.all().delete()
    judge_again()
    assert [job.kind for job in Job.objects.all()] == ["health.refresh"]


def test_a_taken_port_is_named_and_a_free_one_found_when_none_was_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConflictError, match=str(port)):
            choose_port("127.0.0.1", port)
        assert choose_port("127.0.0.1", None) != port


class _OnlyHttps(BaseHTTPRequestHandler):
    """What an installation behind a TLS proxy says to everybody else."""

    def do_GET(self) -> None:
        self.send_response(301)
        self.send_header("Location", "https://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Tests need no log."""


def test_a_server_that_sends_everybody_to_https_has_started() -> None:
    server = HTTPServer(("127.0.0.1", 0), _OnlyHttps)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    assert answers("127.0.0.1", server.server_port)

    server.shutdown()
    server.server_close()
    assert not answers("127.0.0.1", server.server_port)


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["fly"])
    assert caught.value.code == 2
    assert "fly" in capsys.readouterr().err
