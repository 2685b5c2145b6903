"""``banso serve``: the pages and a worker, until told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException

from banso.config.cli.prepare import prepare, say
from banso.config.parents import end_with_parent
from banso.kit.errors import ConflictError

DEFAULT_PORT = 8000
START_SECONDS = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, help=f"port to listen on (default {DEFAULT_PORT})")
    parser.add_argument(
        "--web-only", action="store_true", help="leave the work to a worker elsewhere"
    )
    parser.add_argument("--threads", type=int, default=6, help="requests answered at a time")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def choose_port(host: str, wanted: int | None) -> int:
    """The wanted port, or the first free one from 8000 on when none was named.

    Raises:
        ConflictError: something else listens there.
    """
    for port in [wanted] if wanted else range(DEFAULT_PORT, DEFAULT_PORT + 20):
        if _is_free(host, port):
            return port
    raise ConflictError(
        f"Port {wanted or DEFAULT_PORT} is taken by another program.",
        code="port-taken",
        remedy="Name a free one with --port.",
    )


def _child(*command: str, **environment: str) -> subprocess.Popen[bytes]:
    """A process that the terminal's Ctrl-C does not reach: its parent ends it, in order."""
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        env={**os.environ, **environment},
        start_new_session=True,
        preexec_fn=end_with_parent,
    )


def web_process(host: str, port: int, threads: int) -> subprocess.Popen[bytes]:
    """Start the web server as a process of its own."""
    command = ["granian", "--interface", "asgi", "--host", host, "--port", str(port)]
    command += ["--workers", "1", "--no-ws"]
    command += ["--log-level", "error", "--workers-kill-timeout", "5"]
    return _child(*command, "banso.config.asgi:application", BANSO_THREADS=str(threads))


def worker_process() -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own."""
    return _child("banso", "worker")


def answers(host: str, port: int) -> bool:
    """Whether the server at our own address says anything at all.

    It is asked as the proxy in front of it would ask: an installation behind one may know only its
    public name, and send everything that did not come by HTTPS elsewhere.
    """
    from django.conf import settings

    names = [name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"]
    headers = {"Host": names[0]} if names else {}
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/sign-in/", headers={**headers, "X-Forwarded-Proto": "https"})
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def wait_until_it_answers(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once the server answers.

    Raises:
        ConflictError: it ended or stayed silent for a minute.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers(host, port):
            return
        time.sleep(0.1)
    raise ConflictError("The web server did not start.", remedy="Its messages above say why.")


def supervise(web: subprocess.Popen[bytes], worker: subprocess.Popen[bytes] | None) -> int:
    """Wait for the end; a worker that dies is replaced, a signal ends both cleanly."""
    stopping = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping and web.poll() is None:
        if worker is not None and worker.poll() is not None:
            say(f"The worker ended with status {worker.returncode}; starting another.")
            time.sleep(1)
            worker = worker_process()
        time.sleep(0.2)
    return _end(web, worker)


def _end(web: subprocess.Popen[bytes], worker: subprocess.Popen[bytes] | None) -> int:
    ours = [process for process in (web, worker) if process is not None]
    failed = web.poll() not in (None, 0)
    for process in ours:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in ours:
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    say("Stopped.")
    return 1 if failed else 0


def start(options: argparse.Namespace) -> tuple[str, subprocess.Popen[bytes]]:
    """Start the web server of these options and return its address."""
    port = choose_port(options.host, options.port)
    shown = "localhost" if options.host in {"127.0.0.1", "0.0.0.0"} else options.host  # noqa: S104
    web = web_process(options.host, port, options.threads)
    probe = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)  # noqa: S104
    wait_until_it_answers(probe, port, web)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/", web


def run(options: argparse.Namespace) -> int:
    prepare()
    from banso.workspace.selectors import users

    address, web = start(options)
    worker = None if options.web_only else worker_process()
    say(f"\nBanso is running at {address}  (Ctrl-C ends it)")
    if not users().exists():
        say("Nobody can sign in yet. Add yourself: ./banso user you@company.example --role admin")
    return supervise(web, worker)
