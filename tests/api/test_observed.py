"""A running server numbers every answer, and shows what its collection of events has counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.api.server import Server, serving_events
from tests.reliability.installation import Installation

pytestmark = pytest.mark.slow
EVENTS = b'{"batch": [{"type": "track", "userId": "u", "event": "Seen"}, {"type": "track"}]}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An embedded database whatever the tests run on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BANSO_DATABASE_URL", raising=False)
        with serving_events(Installation(tmp_path_factory.mktemp("observed"))) as running:
            yield running


def number(server: Server, path: str, **headers: str) -> str:
    """The number of the answer, whatever it says."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(server.address + path, headers=named), timeout=30) as answer:
            return str(answer.headers["X-Request-ID"])
    except HTTPError as error:
        return str(error.headers["X-Request-ID"])


@pytest.mark.parametrize("path", ["/v1/track", "/live/", "/healthz", "/sign-in/"])
def test_every_answer_has_a_number(server: Server, path: str) -> None:
    assert number(server, path, x_request_id="proxy-17") == "proxy-17"
    assert re.fullmatch("[0-9a-f]{32}", number(server, path))


def counted(server: Server) -> dict[str, float]:
    with urlopen(f"{server.address}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if line.startswith("banso_collect_")]
    return {name.replace(',process="web"', ""): float(value) for name, value in pairs}


def test_what_the_collection_counts_is_shown_to_prometheus(server: Server) -> None:
    before = counted(server)
    assert server.post("batch", EVENTS)[0] == 200
    after = counted(server)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    for name in (
        'banso_collect_messages_total{outcome="accepted"}',
        'banso_collect_messages_total{outcome="refused"}',
        'banso_collect_refused_total{code="no-event"}',
        'banso_collect_requests_total{outcome="kept"}',
        'banso_collect_commits_total{outcome="kept"}',
    ):
        assert grown[name] == 1, name
