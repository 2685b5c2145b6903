"""A running product of its own for stories told in a real browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: What htmx says of a request that was cut off by leaving the page or, in the search box, by the
#: next letter; an answer of 4xx or 5xx has names of its own.
CUT_OFF = ("htmx:sendError", "htmx:sendAbort", "htmx:afterRequest")


def complaint(message: ConsoleMessage) -> list[str]:
    """What the console complains about, apart from requests that the person gave up."""
    loud = message.type == "error" and not message.text.startswith(CUT_OFF)
    return [message.text] if loud else []


@dataclass(frozen=True, slots=True)
class Product:
    """A running installation."""

    address: str
    data_dir: Path

    def command(self, *arguments: str) -> str:
        """Run a command of the command line on this installation; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "banso", *arguments, "--data-dir", str(self.data_dir)],
            capture_output=True,
            text=True,
            env=_environment(),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _environment() -> dict[str, str]:
    source = str(Path(__file__).resolve().parents[2] / "src")
    kept = {
        k: v for k, v in os.environ.items() if k not in {"BANSO_DATA_DIR", "BANSO_DATABASE_URL"}
    }
    return {**kept, "PYTHONPATH": source}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "The product ended before it answered."
        try:
            with urlopen(f"{address}/sign-in/", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The product did not answer within a minute.")


@contextmanager
def serving(data_dir: Path) -> Iterator[Product]:
    """An installation that runs: started as a person starts it, and ended the same way."""
    port = _free_port()
    running = Product(f"http://127.0.0.1:{port}", data_dir)
    serve = [sys.executable, "-m", "banso", "serve", "--port", str(port)]
    process = subprocess.Popen([*serve, "--data-dir", str(data_dir)], env=_environment())
    try:
        _answers(running.address, process)
        yield running
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """An empty installation that runs."""
    with serving(tmp_path / "data") as running:
        yield running


def _furnished(data_dir: Path, kind: str) -> dict[str, str]:
    """Fill an installation with something for every page; see ``tests.stories.furnished``."""
    root = Path(__file__).resolve().parents[2]
    prepare = [sys.executable, "-m", "banso", "audit", "--data-dir", str(data_dir)]
    subprocess.run(prepare, env=_environment(), check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.stories.furnished", str(data_dir), kind],
        env=_environment(),
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, dict[str, str]]]:
    """A running installation with something on every page, and the ids of what is there."""
    data_dir = tmp_path_factory.mktemp("furnished")
    ids = _furnished(data_dir, "plain")
    with serving(data_dir) as running:
        yield running, ids


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, dict[str, str]]]:
    """The same with texts that would run as a script in every field."""
    data_dir = tmp_path_factory.mktemp("hostile")
    ids = _furnished(data_dir, "hostile")
    with serving(data_dir) as running:
        yield running, ids


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium. One process can have one of them at a time."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all stories."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the story when the browser reports an error."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.extend(complaint(message)))
    yield tab
    context.close()
    assert complaints == []


def sign_in(page: Page, product: Product, email: str, password: str) -> None:
    """Sign in and wait for Today."""
    page.goto(f"{product.address}/sign-in/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/today/**")
