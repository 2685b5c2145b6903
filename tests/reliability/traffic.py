"""Senders of events that behave as SDKs do: what was not acknowledged is sent again."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.reliability.service import HEADERS
from tests.reliability.small_company import ACCOUNTS, LAST_DAY

#: Groups that nobody knows before a group call names them; their events wait until then.
NEW_GROUPS = 10
SENDERS = 3
AGAIN_EVERY = 20
_START = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 3)


def message(number: int) -> dict[str, Any]:
    """The message of a number: mostly an event at an account that is known."""
    moment = _START - timedelta(days=number % 4, seconds=-(number % 30_000))
    common = {"messageId": f"m{number}", "timestamp": f"{moment.isoformat()}.000Z"}
    if number % 400 == 399:
        return group(number // 400 % NEW_GROUPS, common)
    account = f"A{number * number % ACCOUNTS}"
    if number % 97 == 5:
        traits = {"email": f"u{number % 50}@a.example", "name": f"利用者{number % 50}"}
        return {**common, "type": "identify", "userId": f"u{number % 50}", "traits": traits}
    if number % 50 == 7:
        account = f"G{number // 50 % NEW_GROUPS}"
    return {
        **common,
        "type": "track",
        "userId": f"u{number % 50}",
        "event": ("login", "report", "Export")[number % 3],
        "properties": {"value": number % 7},
        "context": {"groupId": account},
    }


def group(number: int, common: dict[str, Any]) -> dict[str, Any]:
    """A call that makes a new account known."""
    call = {"type": "group", "userId": f"g{number}", "groupId": f"G{number}"}
    return {**common, **call, "traits": {"name": f"新会社{number}"}}


def events_of(messages: int) -> set[str]:
    """The ids among the first messages that become rows of usage."""
    return {f"m{number}" for number in range(messages) if message(number)["type"] == "track"}


@dataclass
class Traffic:
    """Numbered requests, sent in order by a few senders as far as they are allowed to.

    Args:
        port: of the service, on this machine.
        size: messages in a request.
        compose: the message of a number.
    """

    port: int
    size: int = 50
    compose: Callable[[int], dict[str, Any]] = message
    allowed: int = 0
    #: Number of a request to the moment (seconds since 1970) of its acknowledgement.
    acknowledged: dict[int, float] = field(default_factory=dict)
    retries: int = 0
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    _next: int = 0
    _state: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)
    _is_over: bool = False

    def __enter__(self) -> Traffic:
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._state:
            self._is_over = True
            self._state.notify_all()
        for thread in self._threads:
            thread.join(timeout=60)

    def allow(self, requests: int) -> None:
        """Send requests up to this number."""
        with self._state:
            self.allowed = requests
            self._state.notify_all()

    def end(self) -> None:
        """Send nothing beyond what is being sent."""
        with self._state:
            self.allowed = self._next

    def is_done(self) -> bool:
        """Whether everything that may be sent has been acknowledged."""
        return len(self.acknowledged) >= self.allowed

    def _send(self) -> None:
        with closing(Line(self.port)) as line:
            while (number := self._take()) is not None:
                body = json.dumps({"batch": self._messages(number)}).encode()
                if self._deliver(line, body):
                    self.acknowledged[number] = time.time()
                if number % AGAIN_EVERY == 0:
                    # An answer that got lost on the way: the sender cannot know.
                    self._deliver(line, body)

    def _deliver(self, line: Line, body: bytes) -> bool:
        while not self._is_over:
            status, said = line.post(body)
            with self._state:
                self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 200:
                return True
            if status not in (0, 429, 503):
                self.refused.append((status, said))
            self.retries += 1
            time.sleep(0.1)
        return False

    def _take(self) -> int | None:
        with self._state:
            self._state.wait_for(lambda: self._is_over or self._next < self.allowed)
            if self._is_over:
                return None
            self._next += 1
            return self._next - 1

    def _messages(self, number: int) -> Iterable[dict[str, Any]]:
        return [self.compose(one) for one in range(number * self.size, (number + 1) * self.size)]


class Line:
    """A connection that is made anew after it broke."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def post(self, body: bytes, route: str = "batch") -> tuple[int, bytes]:
        """Status and answer; status 0 when there was none."""
        try:
            self._connection.request("POST", f"/v1/{route}", body, HEADERS)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b""
