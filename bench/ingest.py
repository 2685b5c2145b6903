"""How many events the collection front takes, beside others that do the same and one that does not.

Each contender runs alone as one granian process; all get the same requests of 100 events from the
same client, turn by turn, over connections that are kept. What our front and its rivals answer with
200 is durable (SQLite, synchronous=FULL), and is counted in the database afterwards. Beside the
rates stands the processor time that each server took per request, which other work on the machine
changes far less. Prints one JSON object as its last line.

    .venv/bin/python bench/ingest.py --size small|full
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.ingest_apps import KEY  # noqa: E402
from bench.ingest_client import load  # noqa: E402

EVENTS = 100
CONNECTIONS = 256
PORT = 8110
SIZES = {"small": (3, 3.0), "full": (3, 8.0)}
CONTENDERS = {
    "bare": ["bench.ingest_apps:bare"],
    "banso": ["banso.config.asgi:application"],
    "django": ["--factory", "bench.ingest_apps:plain_django"],
    "fastapi": ["--factory", "bench.ingest_apps:fast_api"],
}
PREPARE = f"""
import banso.config, django; django.setup()
from django.utils import timezone
from banso.usage.models import EventSource, WriteKey
source = EventSource.objects.create(name="Bench", key="bench", created_at=timezone.now())
WriteKey.objects.create(source=source, key="{KEY}", created_at=timezone.now())
"""
COUNT = """
import banso.config, django; django.setup()
from django.db.models import Sum
from banso.usage.models import InboxBatch
print(InboxBatch.objects.aggregate(n=Sum("messages"))["n"] or 0)
"""


def body(number: int) -> bytes:
    events = [
        {
            "type": "track",
            "messageId": str(UUID(int=(number * EVENTS + i) * 0x9E3779B97F4A7C15 % 2**128)),
            "userId": f"user-{(number * 7 + i) % 5000}",
            "event": ("Report Opened", "Signed In", "Export Made")[i % 3],
            "timestamp": f"2026-04-15T03:{i % 60:02}:00.000Z",
            "properties": {"plan": "pro", "rows": i * 31 % 977, "value": i / 8},
            "context": {
                "groupId": f"account-{number % 900}",
                "library": {"name": "analytics-python", "version": "2.3.4"},
            },
            "integrations": {},
        }
        for i in range(EVENTS)
    ]
    return json.dumps({"batch": events, "sentAt": "2026-04-15T04:00:00.000Z"}).encode()


def requests(zipped: bool) -> list[bytes]:
    auth = base64.b64encode(f"{KEY}:".encode()).decode()
    lines = ["POST /v1/batch HTTP/1.1", "Host: localhost", f"Authorization: Basic {auth}"]
    lines += ["Content-Type: application/json"] + ["Content-Encoding: gzip"] * zipped
    found = []
    for number in range(64):
        data = gzip.compress(body(number), 6) if zipped else body(number)
        head = "\r\n".join([*lines, f"Content-Length: {len(data)}", "", ""])
        found.append(head.encode() + data)
    return found


def environment(data_dir: Path, extra: Path) -> dict[str, str]:
    found = {k: v for k, v in os.environ.items() if k != "BANSO_DATABASE_URL"}
    return {
        **found,
        "BANSO_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "banso.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), str(extra)]),
    }


def python(code: str, given: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=given, check=True, capture_output=True)
    return done.stdout.decode()


@contextmanager
def served(name: str, given: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(PORT)]
    command += ["--workers", "1", "--no-ws", "--log-level", "error", *CONTENDERS[name]]
    process = subprocess.Popen(command, env=given, cwd=ROOT)
    try:
        _wait()
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait() -> None:
    for _ in range(1_200):
        try:
            urlopen(f"http://127.0.0.1:{PORT}/", timeout=5)
        except OSError as error:
            if not hasattr(error, "status"):
                time.sleep(0.1)
                continue
        return
    raise SystemExit("The server does not answer.")


def fast_api_at(folder: Path) -> bool:
    """Install FastAPI beside, for this run only; false when it cannot be had."""
    installer = ["uv"] if shutil.which("uv") else [sys.executable, "-m"]
    command = [*installer, "pip", "install", "-q", "--target", str(folder), "fastapi"]
    command += ["--python", sys.executable] if installer == ["uv"] else []
    return subprocess.run(command, capture_output=True).returncode == 0


def processor_time(process: subprocess.Popen[bytes]) -> float:
    """Seconds that the processes which do the work of a server have taken so far."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    # The name of a process, in brackets, may hold blanks; user and system time stand after it.
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in children]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """One round of one contender."""

    events_per_second: float
    #: Microseconds of processor time per request.
    cost: float
    #: The share of one core that the client took; near 1, it would be what limits the rate.
    client: float


def measure(name: str, folder: Path, extra: Path, wanted: list[bytes], seconds: float) -> Measured:
    """One round; every event is durable where the contender keeps any."""
    data_dir = Path(tempfile.mkdtemp(dir=folder))
    shutil.copytree(folder / "prepared", data_dir, dirs_exist_ok=True)
    given = environment(data_dir, extra)
    with served(name, given) as server:
        load(PORT, CONNECTIONS, wanted, 1.0)
        before = 0 if name == "bare" else int(python(COUNT, given))
        began = processor_time(server)
        seen = load(PORT, CONNECTIONS, wanted, seconds)
        took = processor_time(server) - began
    good = seen.statuses["200"]
    if good != seen.statuses.total() or seen.late != CONNECTIONS:
        raise SystemExit(f"{name} answered {seen}")
    if name != "bare" and int(python(COUNT, given)) - before != (good + seen.late) * EVENTS:
        raise SystemExit(f"{name} answered for {good * EVENTS} events and kept others")
    shutil.rmtree(data_dir)
    cost = took / (good + seen.late) * 1e6
    return Measured(good * EVENTS / seen.seconds, cost, seen.busy / seen.seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    rounds, seconds = SIZES[parser.parse_args().size]
    # Being ended is to end the server that is being measured, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="banso-ingest-") as name:
        folder = Path(name)
        extra = folder / "packages"
        names = list(CONTENDERS)
        if not fast_api_at(extra):
            print("FastAPI cannot be installed here and is left out.")
            names.remove("fastapi")
        prepared = environment(folder / "prepared", extra)
        subprocess.run([sys.executable, "-m", "banso", "audit"], env=prepared, check=True)
        python(PREPARE, prepared)
        result: dict[str, Any] = {"events_per_request": EVENTS, "connections": CONNECTIONS}
        for kind in ("gzip", "plain"):
            wanted = requests(kind == "gzip")
            found: dict[str, list[Measured]] = {one: [] for one in names}
            for _ in range(rounds):
                for one in names:
                    found[one].append(measure(one, folder, extra, wanted, seconds))
                    print(f"{kind:5} {one:8} {told(found[one][-1])}", flush=True)
            result[kind] = summary(found)
    print(json.dumps(result))


def told(one: Measured) -> str:
    rate, client = f"{one.events_per_second:>12,.0f} events/s", f"{one.client:.2f} of a core"
    return f"{rate}  {one.cost:7.1f} µs of the processor per request  client {client}"


def summary(found: dict[str, list[Measured]]) -> dict[str, Any]:
    rates = {k: statistics.median(m.events_per_second for m in v) for k, v in found.items()}
    costs = {k: statistics.median(m.cost for m in v) for k, v in found.items()}
    others = [name for name in found if name != "banso"]
    return {
        "events_per_second": {name: round(rate) for name, rate in rates.items()},
        "processor_us_per_request": {name: round(cost, 1) for name, cost in costs.items()},
        **{f"banso_to_{one}": round(rates["banso"] / rates[one], 3) for one in others},
        **{f"banso_to_{one}_processor": round(costs[one] / costs["banso"], 3) for one in others},
        "client_core_share": round(max(m.client for v in found.values() for m in v), 2),
    }


if __name__ == "__main__":
    main()
