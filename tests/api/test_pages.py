"""Pages in threads: what is sent arrives whole, and who leaves keeps nobody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from banso.config.pages import Pages
from tests.api.client import ask

HEADERS = [("Content-Type", "text/plain")]


def _scope(method: str = "GET") -> dict[str, Any]:
    named = {"path": "/", "query_string": b"", "headers": [], "http_version": "1.1"}
    return {"type": "http", "method": method, "scheme": "http", **named}


def _echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", HEADERS)
    return [body, b"!"]


async def _ask(application: Any, *pieces: bytes) -> bytes:
    waiting = [
        {"type": "http.request", "body": piece, "more_body": i + 1 < len(pieces)}
        for i, piece in enumerate(pieces)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    await Pages(application, 2)(_scope("POST"), receive, send)
    return b"".join(message.get("body", b"") for message in sent)


def test_a_body_in_pieces_arrives_whole() -> None:
    assert asyncio.run(_ask(_echo, b"a" * 100_000, b"b", b"c")) == b"a" * 100_000 + b"bc!"


def test_half_an_upload_is_not_taken_for_a_whole_one() -> None:
    finished: list[bytes] = []

    def upload(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        finished.append(environ["wsgi.input"].read())
        return []

    async def receive() -> Any:
        if not begun:
            begun.append(True)
            return {"type": "http.request", "body": b"half", "more_body": True}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there")

    begun: list[bool] = []
    asyncio.run(Pages(upload, 1)(_scope("POST"), receive, send))
    assert finished == []


def test_an_answer_that_nobody_reads_stops_and_frees_its_thread() -> None:
    made: list[int] = []

    def endless(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", HEADERS)
        try:
            while True:
                made.append(1)
                yield b"x" * 1_000
        finally:
            made.append(-1)

    async def work() -> None:
        gone, read = asyncio.Event(), 0

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            nonlocal read
            read += 1
            await asyncio.sleep(0.005)
            if read == 5:
                gone.set()

        pages = Pages(endless, 1)
        await asyncio.wait_for(pages(_scope(), receive, send), timeout=10)
        assert made[-1] == -1
        assert len(made) < 100
        await asyncio.wait_for(pages(_scope(), receive, send), timeout=10)

    asyncio.run(work())


def test_a_slow_reader_is_waited_for() -> None:
    made: list[int] = []

    def long(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        start("200 OK", HEADERS)
        for _ in range(50):
            made.append(1)
            yield b"x"

    async def work() -> None:
        ahead = []

        async def send(message: Any) -> None:
            await asyncio.sleep(0.002)
            ahead.append(len(made))

        async def receive() -> Any:
            await asyncio.sleep(60)

        await Pages(long, 1)(_scope(), receive, send)
        assert len(made) == 50
        assert ahead[3] < 20

    asyncio.run(work())


def test_the_collection_client_of_these_tests_tells_of_a_silent_application() -> None:
    async def silent(*given: Any) -> None:
        return None

    assert asyncio.run(ask(silent, "/")).status == 0
