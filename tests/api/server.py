"""A web server process of its own, which keeps what arrives; no worker takes it away."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.api.client import basic
from tests.reliability.installation import Installation
from tests.stories.conftest import _answers, _free_port

KEY = "key-of-the-shop-0000000000000000"
SOURCE = """
from django.utils import timezone
from banso.usage.models import EventSource, WriteKey
source = EventSource.objects.create(name="Shop", key="shop", created_at=timezone.now())
WriteKey.objects.create(source=source, key="{key}", created_at=timezone.now())
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running web process and the installation that it serves."""

    address: str
    installation: Installation
    pid: int

    def post(self, route: str, body: bytes, **headers: str) -> tuple[int, Any]:
        """Status and answer of a request with the source's key."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(
            f"{self.address}/v1/{route}",
            data=body,
            headers={"authorization": basic(KEY), "content-type": "application/json", **named},
        )
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)

    def messages(self) -> list[dict[str, Any]]:
        """Every accepted message, in the order in which they came."""
        found = []
        rows = self.installation.query(
            "SELECT route, body, is_gzip FROM usage_inboxbatch ORDER BY id"
        )
        for route, body, is_gzip in rows:
            whole = json.loads(gzip.decompress(body) if is_gzip else body)
            found += whole["batch"] if route == "batch" else [whole]
        return found

    def memory(self) -> int:
        """Bytes of memory that the web process holds."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return max(_resident(int(pid)) for pid in [self.pid, *map(int, children)])


def _resident(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS")), 0)
    return max([own, *[_resident(int(child)) for child in children]])


@contextmanager
def serving_events(installation: Installation) -> Iterator[Server]:
    """A prepared installation with one source, served until the block ends."""
    installation.command("audit")
    shell = [sys.executable, "-m", "django", "shell", "-c", SOURCE.format(key=KEY)]
    environment = {
        **installation.environment(),
        "DJANGO_SETTINGS_MODULE": "banso.config.settings",
        "BANSO_DATA_DIR": str(installation.data_dir),
    }
    subprocess.run(shell, env=environment, check=True, capture_output=True)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    process = installation.start("serve", "--web-only", "--port", str(port))
    try:
        _answers(address, process)  # type: ignore[arg-type]
        yield Server(address, installation, process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)
