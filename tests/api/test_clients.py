"""The public clients, as their makers ship them, against a running server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route
from segment.analytics.client import Client

from banso.web.views.sources.snippets import snippet
from tests.api.server import KEY, Server, serving_events
from tests.reliability.installation import Installation
from tests.stories.conftest import launched

pytestmark = pytest.mark.slow
SDK = Path(__file__).resolve().parents[1] / "sdk"

NODE = """
const { Analytics } = require("@segment/analytics-node");
const analytics = new Analytics({ writeKey: process.env.KEY, host: process.env.HOST, flushAt: 4 });
const errors = [];
analytics.on("error", (error) => errors.push(error));
analytics.identify({ userId: "u-1", traits: { email: "ann@acme.example", name: "安" } });
analytics.group({ userId: "u-1", groupId: "acme", traits: { name: "Acme" } });
for (let i = 0; i < 10; i++)
  analytics.track({ userId: "u-1", event: "Report Opened", properties: { i, nothing: null } });
analytics.page({ anonymousId: "a-1", name: "Home" });
analytics.screen({ userId: "u-1", name: "Main" });
analytics.alias({ previousId: "a-1", userId: "u-1" });
analytics.closeAndFlush().then(() => {
  if (errors.length) { console.error(errors); process.exit(1); }
});
"""
PAGE = """<!doctype html><title>Shop</title><script src="/index.js"></script>"""
BROWSE = """async ([key, cdn, strategy]) => {
  const settings = { writeKey: key, cdnURL: cdn };
  const [analytics] = await AnalyticsNext.AnalyticsBrowser.load(settings, strategy);
  const failures = [];
  analytics.on("error", (error) => failures.push(String(error.code)));
  await analytics.identify("u-1", { email: "ann@acme.example" });
  await analytics.group("acme", { name: "Acme 株式会社" });
  await analytics.track("Report Opened", { items: [[1, 2], []] });
  await analytics.page("Home");
  await analytics.screen("Main");
  await analytics.alias("u-2", "u-1");
  return failures;
}"""
BATCHING = {
    "integrations": {
        "Segment.io": {"deliveryStrategy": {"strategy": "batching", "config": {"size": 6}}}
    }
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all clients; an embedded database whatever the tests run on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BANSO_DATABASE_URL", raising=False)
        with serving_events(Installation(tmp_path_factory.mktemp("clients"))) as server:
            yield server


@pytest.fixture
def server(running: Server) -> Server:
    """The server with nothing in its inbox."""
    running.installation.execute("DELETE FROM usage_inboxbatch")
    return running


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients from npm, exactly those of the lock."""
    folder = tmp_path_factory.mktemp("sdk")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SDK / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def shop(packages: Path) -> Iterator[str]:
    """The address of a page, on another origin, that loads the browser client."""
    site = packages / "site"
    site.mkdir()
    (site / "shop.html").write_text(PAGE)
    shutil.copy(packages / "node_modules/@segment/analytics-next/dist/umd/index.js", site)
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def _wait_for(server: Server, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 20
    while len(found := server.messages()) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("zipped", [False, True])
def test_python(server: Server, zipped: bool) -> None:
    problems: list[object] = []
    client = Client(
        KEY, host=server.address, gzip=zipped, on_error=lambda *error: problems.append(error)
    )
    client.identify("u-1", {"email": "ann@acme.example", "name": "安"})
    client.group("u-1", "acme", {"name": "Acme"})
    for i in range(250):
        client.track("u-1", "Report Opened", {"i": i, "what": "日本語"})
    client.page("u-1", "Docs", "Home")
    client.screen("u-1", "App", "Main")
    client.alias("a-1", "u-1")
    client.shutdown()
    assert problems == []
    found = server.messages()
    assert [m["properties"]["i"] for m in found if m["type"] == "track"] == list(range(250))
    assert {m["type"] for m in found} == {
        "identify", "group", "track", "page", "screen", "alias"
    }  # fmt: skip
    kept = server.installation.query("SELECT DISTINCT route FROM usage_inboxbatch")
    assert kept == [("batch",)]


def test_node(server: Server, packages: Path) -> None:
    done = subprocess.run(
        ["node", "-e", NODE],
        cwd=packages,
        env={"PATH": "/usr/bin:/usr/local/bin", "KEY": KEY, "HOST": server.address},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found = server.messages()
    assert sorted(m["properties"]["i"] for m in found if m["type"] == "track") == list(range(10))
    assert len(found) == 15
    assert all(m["messageId"] for m in found)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser that is gone when the stories open theirs."""
    with launched() as chromium:
        yield chromium


@pytest.mark.parametrize("batching", [False, True])
def test_browser(
    server: Server,
    shop: str,
    browser: Browser,
    batching: bool,
) -> None:
    strangers: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url.startswith((server.address, shop)):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context = browser.new_context()
    page = context.new_page()
    page.route("**/*", answer)
    page.goto(f"{shop}/shop.html")
    failures = page.evaluate(BROWSE, [KEY, server.address, BATCHING if batching else {}])
    found = _wait_for(server, 6)
    context.close()
    assert failures == []
    assert [m["type"] for m in found] == ["identify", "group", "track", "page", "screen", "alias"]
    assert found[1]["traits"] == {"name": "Acme 株式会社"}
    assert found[2]["properties"]["items"] == [[1, 2], []]
    routes = server.installation.query("SELECT DISTINCT route FROM usage_inboxbatch")
    assert (("batch",) in routes) is batching
    # Nothing but the page itself is asked for, and nothing is told to anybody else.
    assert strangers == []


#: What the code of Settings sends in every language.
PASTED = ["identify", "group", "track"]


def test_the_python_code_of_settings_works_as_it_stands(server: Server) -> None:
    _run([sys.executable, "-c", snippet("python", server.address, KEY).code])
    assert [m["type"] for m in server.messages()] == PASTED


def test_the_node_code_of_settings_works_as_it_stands(server: Server, packages: Path) -> None:
    (packages / "pasted.mjs").write_text(snippet("node", server.address, KEY).code)
    _run(["node", "pasted.mjs"], cwd=packages)
    assert [m["type"] for m in server.messages()] == PASTED


def test_the_curl_command_of_settings_works_as_it_stands(server: Server) -> None:
    _run(["bash", "-c", snippet("curl", server.address, KEY).code])
    assert [m["type"] for m in server.messages()] == PASTED


def test_the_browser_code_of_settings_works_but_for_its_import(
    server: Server, shop: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(f"{shop}/shop.html")
    _import, _, code = snippet("javascript", server.address, KEY).code.partition("\n")
    page.evaluate(f"const {{ AnalyticsBrowser }} = AnalyticsNext; {code.replace('export ', '')}")
    found = _wait_for(server, len(PASTED))
    page.close()
    # Each goes in a request of its own, and they overtake each other.
    assert sorted(m["type"] for m in found) == sorted(PASTED)


def _run(command: list[str], **options: Any) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
    assert done.returncode == 0, done.stderr
