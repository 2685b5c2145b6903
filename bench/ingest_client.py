"""The client of ``bench/ingest.py``: many connections, as little work for each answer as can be.

Each connection sends a request, waits for its answer and sends the next. The client shares the
machine with the server, so that whatever it does itself would be missing there.
"""

from __future__ import annotations

import multiprocessing
import select
import socket
import time
from collections import Counter
from dataclasses import dataclass, field

_LENGTH = b"content-length:"


@dataclass
class Load:
    """What one client saw: answers by status within the time, and 200s that came after it."""

    statuses: Counter[str] = field(default_factory=Counter)
    late: int = 0
    seconds: float = 0.0
    #: Processor time of the client itself.
    busy: float = 0.0


class _Client:
    def __init__(self, port: int, connections: int, wanted: list[bytes]) -> None:
        self.wanted, self.sent = wanted, 0
        self.seen = Load()
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.begun: dict[int, bytes] = {}
        for _ in range(connections):
            made = socket.create_connection(("127.0.0.1", port))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets[made.fileno()] = made
            self.poll.register(made, select.EPOLLIN)

    def run(self, seconds: float) -> Load:
        for one in self.sockets.values():
            self.send(one)
        began, busy = time.perf_counter(), time.process_time()
        while time.perf_counter() - began < seconds:
            for number, status in self.answers():
                self.seen.statuses[status] += 1
                self.send(self.sockets[number])
        self.seen.seconds = time.perf_counter() - began
        self.seen.busy = time.process_time() - busy
        self.finish()
        return self.seen

    def send(self, one: socket.socket) -> None:
        one.sendall(self.wanted[self.sent % len(self.wanted)])
        self.sent += 1

    def answers(self) -> list[tuple[int, str]]:
        """Connections whose answer is whole, with its status."""
        found = []
        for number, _ in self.poll.poll(0.1):
            data = self.begun.pop(number, b"") + self.sockets[number].recv(65_536)
            if not data:
                raise SystemExit("The server closed a connection.")
            if _is_whole(data):
                found.append((number, data[9:12].decode()))
            else:
                self.begun[number] = data
        return found

    def finish(self) -> None:
        """Let what is under way end, so that the database can be held against the answers."""
        waiting = set(self.sockets)
        while waiting:
            for number, status in self.answers():
                waiting.discard(number)
                self.seen.late += status == "200"
        for one in self.sockets.values():
            one.close()


def _is_whole(data: bytes) -> bool:
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    at = data.lower().index(_LENGTH) + len(_LENGTH)
    return len(data) >= end + 4 + int(data[at : data.index(b"\r", at)])


def load(port: int, connections: int, wanted: list[bytes], seconds: float) -> Load:
    """Send the wanted requests, over and over, from a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (port, connections, wanted, seconds))


def _run(port: int, connections: int, wanted: list[bytes], seconds: float) -> Load:
    return _Client(port, connections, wanted).run(seconds)
