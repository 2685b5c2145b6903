"""A served installation whose processes can be killed one by one, and sign of life from it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.installation import Installation

#: As the files of the small company name it, so that events find its accounts by their ids.
SOURCE = "crm"
KEY = "key-of-the-crm-00000000000000000"
MAKE_SOURCE = f"""
from banso.kit import clock
from banso.usage.models import EventSource, WriteKey
source = EventSource.objects.create(name="CRM", key="{SOURCE}", created_at=clock.now())
WriteKey.objects.create(source=source, key="{KEY}", created_at=clock.now())
"""
HEADERS = {
    "authorization": "Basic " + b64encode(f"{KEY}:".encode()).decode(),
    "content-type": "application/json",
}
WEB, SERVER, WORKER, ALL = "web", "server", "worker", "all"


@dataclass(slots=True)
class Service:
    """``banso serve`` on a port of its own, started again when it ends as systemd would."""

    installation: Installation
    port: int = field(default_factory=lambda: free_port())
    #: Further words of its command line, and what stands before it.
    options: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill(ALL)

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        deadline = time.monotonic() + 90
        while not self._started():
            assert time.monotonic() < deadline, self.said()[-5_000:]
            # The processes of the last one may still be about to end.
            time.sleep(0.2)

    def ensure(self) -> None:
        """Start it again if it has ended."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def stop(self) -> None:
        """End it in order."""
        assert self._process is not None
        self._process.terminate()
        assert self._process.wait(timeout=60) in (0, 1), self.said()[-5_000:]

    def kill(self, victim: str) -> None:
        """Kill one of its processes, or all at once as a power cut would."""
        for pid in self.pids(victim):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if victim == ALL:
            assert self._process is not None
            self._process.wait()

    def pids(self, victim: str) -> list[int]:
        """The processes of a kind: the web server, the one that manages it, the worker, all."""
        assert self._process is not None
        children = [pid for pid in _children(self._process.pid) if "banso" in _command(pid)]
        server = [pid for pid in children if "granian" in _command(pid)]
        web = [pid for one in server for pid in _children(one)]
        worker = [pid for pid in children if pid not in server]
        every = [self._process.pid, *server, *web, *worker]
        return {WEB: web, SERVER: server, WORKER: worker, ALL: every}[victim]

    def said(self) -> str:
        """What its processes have written."""
        return self._log.read_text(errors="replace")

    @property
    def _log(self) -> Path:
        return self.installation.data_dir / "service.log"

    def _started(self) -> bool:
        serve = ["serve", "--port", str(self.port), *self.options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self.prefix, *self.installation.arguments(*serve)],
                env=self.installation.environment(),
                stdout=log,
                stderr=log,
            )
        while self._process.poll() is None:
            with contextlib.suppress(OSError), self.connect():
                return True
            time.sleep(0.05)
        return False

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], service: Service, *, seconds: float = 90) -> float:
    """Keep a service running until something holds; returns how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, service.said()[-5_000:]
        service.ensure()
        time.sleep(0.05)
    return time.monotonic() - began


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
