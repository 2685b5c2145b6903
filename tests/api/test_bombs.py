"""Row 10 of the goal sheet: hostile bodies cost at most 100 MB and a second."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import pytest

from tests.api.server import Server, serving_events
from tests.reliability.installation import Installation

pytestmark = pytest.mark.slow
MEGABYTE = 1024 * 1024
LIMIT = 500 * 1024
GOOD = b'{"type":"page","userId":"u","x":%s}'


def in_batch(value: bytes) -> bytes:
    return b'{"batch":[' + GOOD % b"0" + b"," + GOOD % value + b"]}"


BOMBS = {
    "gzip 1000:1": (gzip.compress(b"0" * 400 * MEGABYTE, 9), 413),
    "depth 100k": (in_batch(b"[" * 100_000 + b"]" * 100_000), 200),
    "open brackets": (b"[" * (LIMIT - 1), 400),
    "open brackets in a batch": (b'{"batch":' + b"[" * (LIMIT - 20), 400),
    "5k digits": (in_batch(b"1" * 5_000), 200),
    "500k digits": (in_batch(b"1" * (LIMIT - 200)), 200),
    "a long exponent": (in_batch(b"1e" + b"9" * 20_000), 200),
    "lone surrogate": (in_batch(b'"\\ud800"'), 200),
    "NUL": (in_batch(b'"\\u0000"'), 200),
    "quotes": (b'{"batch":[' + b'"' * (LIMIT - 20), 400),
    "escaped quotes": (b'{"batch":["' + b'\\"' * (LIMIT // 2 - 20), 400),
    "backslashes": (b'{"batch":["' + b"\\" * (LIMIT - 20), 400),
    "many members": (in_batch(b"{" + b'"a":1,' * 80_000 + b'"b":2}'), 200),
    "many bad messages": (b'{"batch":[' + b",".join([GOOD % b"NaN"] * 2_500) + b"]}", 400),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BANSO_DATABASE_URL", raising=False)
        with serving_events(Installation(tmp_path_factory.mktemp("bombs"))) as running:
            yield running


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_defused(server: Server, name: str) -> None:
    body, expected = BOMBS[name]
    headers = {"content_encoding": "gzip"} if name.startswith("gzip") else {}
    server.post("batch", in_batch(b"1"))
    before, took = server.memory(), []
    for _ in range(3):
        began = time.monotonic()
        status, _ = server.post("batch", body, **headers)
        took.append(time.monotonic() - began)
        assert status == expected
    assert server.memory() - before < 100 * MEGABYTE
    # The fastest of three: how busy the machine is besides is not what is asked.
    assert min(took) < 1.0
