"""Every request has a number, is counted under its route, and tells nobody's name."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import structlog
from django.test import Client
from django.urls import reverse

from banso.config.numbering import numbered
from banso.config.observe import HEADER
from banso.kit.asgi import Answer, Receive, Scope, Send
from banso.workspace.services import gauges
from tests.api.client import ask_now

pytestmark = pytest.mark.django_db


def requests(route: str, status: int) -> float:
    labels = {"route": route, "status": str(status)}
    return gauges.REGISTRY.get_sample_value("banso_requests_total", labels) or 0


def test_a_request_keeps_the_number_that_the_proxy_gave_it(client: Client) -> None:
    answer = client.get(reverse("sign-in"), headers={HEADER: "proxy-17"})
    assert answer.headers[HEADER] == "proxy-17"


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 65, "1\n2", "é"])
def test_another_gets_a_number_of_ours(client: Client, given: str | None) -> None:
    answer = client.get(reverse("sign-in"), headers={HEADER: given} if given is not None else {})
    assert len(answer.headers[HEADER]) == 32
    assert answer.headers[HEADER] != given


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/sign-in/", "sign-in", 200),
        ("/nobody@customer.example/", "unknown", 404),
        ("/accounts/?q=aoki@customer.example", "accounts", 302),
    ],
)
def test_requests_are_counted_and_timed_by_route(
    client: Client, path: str, route: str, status: int
) -> None:
    before = requests(route, status)
    assert client.get(path).status_code == status
    assert requests(route, status) == before + 1
    timed = gauges.REGISTRY.get_sample_value("banso_request_seconds_count", {"route": route})
    assert timed
    assert "customer.example" not in gauges.own_text()


def test_a_line_names_the_route_and_the_number_of_who_asked(
    client: Client, people: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    from banso.config.observe import _request, asked_by

    seen: list[dict[str, Any]] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append({**vars(record), **asked_by(None, "", {})})

    listener, logger = Listener(), logging.getLogger("banso.config.observe")
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    client.force_login(people["viewer"])
    try:
        client.get("/accounts/?q=aoki@customer.example")
    finally:
        logger.removeHandler(listener)
        logger.setLevel(logging.NOTSET)
    (line,) = seen
    assert (line["route"], line["status"], line["user"]) == ("accounts", 200, people["viewer"].pk)
    assert "customer.example" not in str({k: v for k, v in line.items() if k != "request"})
    assert _request.get() is None


def test_what_is_answered_without_pages_logs_its_number_too() -> None:
    seen: list[Any] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(structlog.contextvars.get_contextvars()["request_id"])
        await Answer(204).send(send)

    answer = ask_now(numbered(application), "/v1/track", headers={"x-request-id": "proxy-17"})
    assert (answer.headers["x-request-id"], seen) == ("proxy-17", ["proxy-17"])
