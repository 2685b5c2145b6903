#!/usr/bin/env python3
"""From an event that is posted to the page that shows it, while many others arrive.

    bench/latency.py [--size small|full] [--rate 2000] [--seconds 60] [--data-dir DIR] [--cache DIR]

An installation with a year of events in store serves pages and takes events (HTTP, batches of 100,
gzip) at a steady rate over heavy-tailed accounts. Meanwhile a reader has an account open: an event
of a new person is posted for it, the page's stream tells that something changed, the page is
fetched again, and it says something else than before. The last line is one JSON object: seconds
from sending the event to having read the changed page, events accepted, the inbox at the end,
and the memory of both processes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import world
from generator import AS_OF, SIZES

HOST = "127.0.0.1"
BATCH = 100
#: Events a second of one connection, which waits for each commit.
RATE_OF_ONE = 4_000
PROBE_EVERY = 1.0
PATIENCE = 30.0
FEATURES = 20


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--rate", type=int, default=2_000, help="events a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--port", type=int, default=8195)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "banso-bench"))
    return parser.parse_args()


class Reader:
    """A person with one account open: listens to its stream and fetches its page."""

    def __init__(self, port: int, cookie: str, account: int) -> None:
        self._port, self._cookie, self._account = port, cookie, account
        self._told = threading.Event()
        self._page = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        threading.Thread(target=self._listen, daemon=True).start()
        self.before = self._text()

    def _listen(self) -> None:
        stream = http.client.HTTPConnection(HOST, self._port, timeout=3600)
        path = f"/live/?accounts={world.uid_of(self._account)}"
        stream.request("GET", path, headers={"Cookie": self._cookie, "Host": "localhost"})
        answer = stream.getresponse()
        while line := answer.readline():
            if line.startswith(b"event: accounts"):
                self._told.set()

    def _text(self) -> str:
        try:
            answer = self._get()
        except http.client.RemoteDisconnected:
            # The server lets go of a connection that nobody used for a while.
            self._page.close()
            answer = self._get()
        page = answer.read().decode()
        if answer.status != 200:
            raise SystemExit(f"The page answered {answer.status}: {page[:300]}")
        main = page[page.index("<main") : page.index("</main")]
        return re.sub(r"<[^>]+>|\s+", " ", main)

    def _get(self) -> http.client.HTTPResponse:
        path = f"/accounts/{world.uid_of(self._account)}/"
        self._page.request("GET", path, headers={"Cookie": self._cookie, "Host": "localhost"})
        return self._page.getresponse()

    def look(self) -> None:
        """Read the page as it is before the event, whatever has changed since the last one."""
        self._told.clear()
        self.before = self._text()

    def wait_for_change(self, since: float) -> float:
        """Seconds until the page says something else, at most the patience."""
        while (passed := time.perf_counter() - since) < PATIENCE:
            if self._told.wait(PATIENCE - passed):
                self._told.clear()
                now = self._text()
                if now != self.before:
                    self.before = now
                    return time.perf_counter() - since
        return PATIENCE


def event(account: int, user: str, number: int, moment: str) -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": f"{os.getpid()}-{number}-{random.getrandbits(64):x}",
        "userId": user,
        "event": f"Feature {int(FEATURES * random.random() ** 2)}",
        "timestamp": moment,
        "properties": {"plan": "standard", "place": "toolbar"},
        "context": {"groupId": f"a{account}", "library": {"name": "bench", "version": "1"}},
    }


def moment_of(seconds: int) -> str:
    start = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 3, tzinfo=UTC)
    return (start + timedelta(seconds=seconds % 36_000)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def send_all(
    port: int, key: str, accounts: int, rate: int, until: float, sent: Synchronized[int],
    refused: Synchronized[int],
) -> None:  # fmt: skip
    """Post batches at a steady rate over a few connections; a process of its own."""
    senders = 1 + rate // RATE_OF_ONE
    arguments = (port, key, accounts, rate / senders, until, sent, refused)
    threads = [threading.Thread(target=send, args=arguments) for _ in range(senders)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def send(
    port: int, key: str, accounts: int, rate: float, until: float, sent: Synchronized[int],
    refused: Synchronized[int],
) -> None:  # fmt: skip
    """Post one batch after another at a steady rate, each once the one before is answered."""
    import msgspec
    from isal import igzip

    encode = msgspec.json.Encoder().encode
    headers = {
        "Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(),
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Host": "localhost",
    }
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    number, began = 0, time.perf_counter()
    while (now := time.perf_counter()) < until:
        due = began + number * BATCH / rate
        if due > now:
            time.sleep(due - now)
        batch = [_somebody(accounts, number) for _ in range(BATCH)]
        connection.request(
            "POST", "/v1/batch", igzip.compress(encode({"batch": batch}), 0), headers
        )
        answer = connection.getresponse()
        answer.read()
        number += 1
        with sent.get_lock() if answer.status == 200 else refused.get_lock():
            (sent if answer.status == 200 else refused).value += BATCH


def _somebody(accounts: int, number: int) -> dict[str, Any]:
    account = 1 + int(accounts * random.random() ** 3)
    return event(account, f"u{account}-{int(30 * random.random() ** 2)}", number, moment_of(number))


def post_one(port: int, key: str, message: dict[str, Any]) -> float:
    """Post one event; seconds until it was accepted."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    headers = {
        "Authorization": "Basic " + b64encode(f"{key}:".encode()).decode(),
        "Content-Type": "application/json",
        "Host": "localhost",
    }
    connection.request("POST", "/v1/batch", json.dumps({"batch": [message]}), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"The event was answered {answer.status}: {answer.read()[:300]!r}")
    answer.read()
    return time.perf_counter() - began


def prepare_access() -> tuple[str, str]:
    """A write key, and the cookie of a signed-in leader."""
    from django.test import Client

    from banso.usage.models import EventSource, WriteKey
    from banso.usage.services.sources import create_source
    from banso.workspace.models import User
    from banso.workspace.types import SYSTEM

    source = EventSource.objects.first() or create_source(actor=SYSTEM, name="Bench")
    client = Client()
    client.force_login(
        User.objects.get(email=world.LEADER), "django.contrib.auth.backends.ModelBackend"
    )
    cookie = client.cookies["sessionid"].value
    return WriteKey.objects.filter(source=source).latest("id").key, f"sessionid={cookie}"


def quiet_accounts(count: int) -> list[int]:
    """Accounts in which one more person is seen: few people use them."""
    from banso.health.models import Pulse

    few = Pulse.objects.filter(active_users__gte=1, active_users__lte=4, account_id__gt=500)
    return list(few.order_by("account_id").values_list("account_id", flat=True)[:count])


def memory_mb(needle: str) -> int:
    """Resident memory of the largest process whose command has a word."""
    sizes = [0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode().replace("\0", " ")
            status = (folder / "status").read_text()
        except OSError:
            continue
        found = re.search(r"VmRSS:\s+(\d+)", status)
        if needle in command and found and str(os.getpid()) not in command:
            sizes.append(int(found[1]) // 1024)
    return max(sizes)


def waiting() -> tuple[int, int]:
    """Requests and messages in the inbox."""
    from django.db.models import Count, Sum

    from banso.usage.models import InboxBatch

    found = InboxBatch.objects.aggregate(requests=Count("id"), messages=Sum("messages"))
    return found["requests"], found["messages"] or 0


def measure(chosen: argparse.Namespace, key: str, cookie: str) -> dict[str, Any]:
    accounts = SIZES[chosen.size].accounts
    probes = quiet_accounts(8)
    readers = [Reader(chosen.port, cookie, one) for one in probes]
    time.sleep(2)
    sent, refused = multiprocessing.Value("q", 0), multiprocessing.Value("q", 0)
    until = time.perf_counter() + chosen.seconds
    arguments = (chosen.port, key, accounts, chosen.rate, until, sent, refused)
    sender = multiprocessing.Process(target=send_all, args=arguments)
    sender.start()
    accepted, shown, depth, at = [], [], [], []
    number = 0
    while time.perf_counter() < until:
        time.sleep(PROBE_EVERY * (0.5 + random.random()))
        place = number % len(probes)
        readers[place].look()
        message = event(probes[place], f"probe-{time.time_ns()}", number, moment_of(number))
        began = time.perf_counter()
        accepted.append(post_one(chosen.port, key, message))
        shown.append(readers[place].wait_for_change(began))
        at.append(round(chosen.seconds - (until - began), 1))
        depth.append(waiting()[1])
        number += 1
    sender.join()
    end = waiting()
    time.sleep(5)
    slowest = sorted(zip(shown, at, strict=True))[:-6:-1]
    return {
        "probes": len(shown),
        "accepted_p95_s": _p95(accepted),
        "accepted_max_s": round(max(accepted), 3),
        "shown_p50_s": round(statistics.median(shown), 3),
        "shown_p95_s": _p95(shown),
        "slowest_s_at_s": [(round(took, 2), when) for took, when in slowest],
        "events_per_s": round(sent.value / chosen.seconds),
        "events": sent.value,
        "refused": refused.value,
        "inbox_messages": depth[:: max(1, len(depth) // 10)],
        "inbox_at_end": end[1],
        "inbox_5_s_later": waiting()[1],
        "web_mb": memory_mb("granian"),
        "worker_mb": memory_mb("banso worker"),
    }


def _p95(values: list[float]) -> float:
    return round(sorted(values)[max(0, int(len(values) * 0.95) - 1)], 3)


def wait_until_it_works(port: int, server: subprocess.Popen[bytes], key: str) -> None:
    """Return once an event that was posted has left the inbox, and no job is under way."""
    from banso.workspace.models import Job

    deadline = time.monotonic() + 1_800
    posted = False
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if not posted:
                post_one(port, key, event(1, "warm", 0, moment_of(0)))
                posted = True
            jobs = Job.objects.filter(status__in=["queued", "running"])
            if not waiting()[0] and not jobs.exists():
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise SystemExit("The installation did not start.")


def main() -> None:
    chosen = options()
    folder = chosen.data_dir or Path(tempfile.mkdtemp(prefix="banso-latency-"))
    world.build(folder, chosen.size, chosen.cache)
    key, cookie = prepare_access()
    command = [sys.executable, "-m", "banso", "serve", "--port", str(chosen.port)]
    environment = {**os.environ, "PYTHONPATH": str(world.ROOT / "src")}
    server = subprocess.Popen(command, env=environment, cwd=world.ROOT)
    try:
        wait_until_it_works(chosen.port, server, key)
        # Long enough for a worker with nothing to do to give memory back.
        time.sleep(15)
        idle = memory_mb("banso worker")
        result = {**measure(chosen, key, cookie), "worker_idle_mb": idle}
    finally:
        server.terminate()
        server.wait(30)
    about = {"bench": "latency", "size": chosen.size, "rate": chosen.rate}
    print(json.dumps({**about, "seconds": chosen.seconds, **result}))


if __name__ == "__main__":
    main()
