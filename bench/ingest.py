"""How many events the collection front takes, beside others that do the same and one that does not.

Each contender runs alone as one granian process; all get the same requests of 100 events from the
same client, turn by turn, over connections that are kept. What our front and its rivals answer with
200 is durable (SQLite, synchronous=FULL), and is counted in the database afterwards. Prints one
JSON object as its last line.

    .venv/bin/python bench/ingest.py --size small|full
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gzip
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.ingest_apps import KEY  # noqa: E402

EVENTS = 100
CONNECTIONS = 256
PORT = 8110
SIZES = {"small": (3, 3.0), "full": (5, 10.0)}
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


class Connection(asyncio.Protocol):
    """Sends a request, waits for its answer, sends the next."""

    def __init__(self, wanted: list[bytes], first: int, counts: dict[bytes, int]) -> None:
        self.wanted, self.at, self.counts = wanted, first, counts
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.wanted[self.at % len(self.wanted)])

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(rest) < int(head[at:].split(b"\r\n", 1)[0]):
            return
        self.buffer = b""
        self.counts[head[9:12]] = self.counts.get(head[9:12], 0) + 1
        self.at += 1
        self.transport.write(self.wanted[self.at % len(self.wanted)])


async def _load(wanted: list[bytes], seconds: float) -> tuple[dict[bytes, int], float]:
    counts: dict[bytes, int] = {}
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda first=i: Connection(wanted, first, counts), "127.0.0.1", PORT
        )
        for i in range(CONNECTIONS)
    ]
    await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    result = dict(counts)
    # What is under way is let finish, so that the database can be held against the answers.
    for _, connection in made:
        connection.wanted = [b""]
    while (late := sum(counts.values()) - sum(result.values())) < CONNECTIONS:
        await asyncio.sleep(0.1)
    for transport, _ in made:
        transport.close()
    return {**result, b"late": late}, took


def load(wanted: list[bytes], seconds: float) -> tuple[dict[bytes, int], float]:
    """Answers by status, and seconds, of one client process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run_load, (wanted, seconds))


def _run_load(wanted: list[bytes], seconds: float) -> tuple[dict[bytes, int], float]:
    return asyncio.run(_load(wanted, seconds))


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
def served(name: str, given: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(PORT)]
    command += ["--workers", "1", "--no-ws", "--log-level", "error", *CONTENDERS[name]]
    process = subprocess.Popen(command, env=given, cwd=ROOT)
    try:
        _wait()
        yield
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


def measure(name: str, folder: Path, extra: Path, wanted: list[bytes], seconds: float) -> float:
    """Events per second; every one of them durable where the contender keeps any."""
    data_dir = Path(tempfile.mkdtemp(dir=folder))
    shutil.copytree(folder / "prepared", data_dir, dirs_exist_ok=True)
    given = environment(data_dir, extra)
    with served(name, given):
        load(wanted, 1.0)
        before = 0 if name == "bare" else int(python(COUNT, given))
        counts, took = load(wanted, seconds)
    good = counts.get(b"200", 0)
    if sum(v for k, v in counts.items() if k not in (b"200", b"late")):
        raise SystemExit(f"{name} answered {counts}")
    if name != "bare":
        kept = int(python(COUNT, given)) - before
        if kept != (good + counts[b"late"]) * EVENTS:
            raise SystemExit(f"{name} answered for {good * EVENTS} events and kept {kept}")
    shutil.rmtree(data_dir)
    return good * EVENTS / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    rounds, seconds = SIZES[parser.parse_args().size]
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
            rates: dict[str, list[float]] = {one: [] for one in names}
            for _ in range(rounds):
                for one in names:
                    rates[one].append(measure(one, folder, extra, wanted, seconds))
                    print(f"{kind:5} {one:8} {rates[one][-1]:>12,.0f} events/s")
            result[kind] = summary({one: statistics.median(rates[one]) for one in names})
    print(json.dumps(result))


def summary(rates: dict[str, float]) -> dict[str, Any]:
    ratios = {f"banso_to_{one}": round(rates["banso"] / rates[one], 3) for one in rates}
    del ratios["banso_to_banso"]
    return {"events_per_second": {one: round(rate) for one, rate in rates.items()}, **ratios}


if __name__ == "__main__":
    main()
