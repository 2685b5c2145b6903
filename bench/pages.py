#!/usr/bin/env python3
"""How long the server takes for each page, how many queries it makes, and when a page is usable.

    bench/pages.py [--size small|full] [--data-dir DIR]

small loads the demo company of 400 accounts, full the one of 10,000; a directory that holds one
already is used as it is. Pages are requested in one process through the whole middleware; the
number of queries must not grow with that of accounts. The last line is one JSON object, in
milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
ROUNDS = 30
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="small")
    parser.add_argument("--data-dir")
    return parser.parse_args()


def prepare(folder: str, size: str) -> None:
    os.environ["BANSO_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
    demo = [sys.executable, "-m", "banso", "demo", "--no-serve"]
    demo += ["--size", "large" if size == "full" else "normal"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(demo, check=True, env=environment)


def addresses() -> dict[str, str]:
    """Every page worth timing, by name, on the account with the most at stake."""
    from django.urls import reverse

    from banso.health.models import Pulse

    account = Pulse.objects.order_by("-stake").select_related("account").first().account
    fixed = ["today", "accounts", "tasks", "nps", "settings", "imports", "settings-metrics"]
    fixed += ["settings-scorecards", "settings-signals", "settings-jobs", "settings-audit"]
    of_account = ["account", "account-timeline", "account-usage", "account-contracts"]
    of_account += ["account-people", "account-health"]
    pages = {name: reverse(name) for name in fixed}
    pages |= {name: reverse(name, args=[account.uid]) for name in of_account}
    pages["accounts, danger by ARR"] = reverse("accounts") + "?band=danger&sort=-arr"
    pages["accounts, page 20"] = reverse("accounts") + "?page=20"
    fell = {"field": "metric:events_28d", "op": "changed", "value": -30, "days": 30}
    queries = {
        "accounts by a metric": {"sort": "-metric:active_users_28d"},
        "accounts, usage fell": {"query": json.dumps({"and": [fell]})},
    }
    for name, query in queries.items():
        pages[name] = f"{reverse('accounts')}?{urlencode(query)}"
    pages["search, two characters"] = reverse("search") + "?q=%E5%B7%A5%E6%A5%AD"
    return pages


def time_pages() -> dict[str, dict[str, float]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from banso.workspace.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(email="leader@demo.example"))
    figures = {}
    for name, path in addresses().items():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200, path
        # The next request empties the list of queries.
        made = len(queries)
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            client.get(path)
            taken.append((time.perf_counter() - began) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        figures[name] = {
            "p50": round(statistics.median(taken), 1),
            "p95": round(p95, 1),
            "queries": made,
        }
        print(f"{name:28} p50 {figures[name]['p50']:7.1f}  p95 {p95:7.1f}  {made} queries")
    return figures


def first_usable() -> dict[str, float]:
    """Milliseconds until Today and the account list can be used in Chromium, on a fresh visit."""
    from playwright.sync_api import sync_playwright

    port = "8977"
    serve = [sys.executable, "-m", "banso", "serve", "--web-only", "--port", port]
    server = subprocess.Popen(serve, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
            page = chromium.new_page()
            for _ in range(300):
                try:
                    page.goto(f"http://127.0.0.1:{port}/sign-in/")
                    break
                except Exception:
                    time.sleep(0.2)
            page.fill("input[name=login]", "leader@demo.example")
            page.fill("input[name=password]", "banso-demo")
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/today/**")
            state = page.context.storage_state()
            found = {name: _visits(chromium, state, port, name) for name in ("today", "accounts")}
            chromium.close()
            return found
    finally:
        server.terminate()
        server.wait(timeout=30)


def _visits(chromium: object, state: object, port: str, name: str) -> float:
    taken = []
    for _ in range(5):
        context = chromium.new_context(storage_state=state)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/{name}/", wait_until="load")
        taken.append(
            page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        )
        context.close()
    return round(statistics.median(taken), 1)


def main() -> None:
    chosen = options()
    folder = chosen.data_dir or tempfile.mkdtemp(prefix="banso-bench-")
    prepare(folder, chosen.size)
    import django

    import banso.config  # noqa: F401 - puts the bundled SQLite in place

    django.setup()
    from banso.accounts.models import Account

    figures = time_pages()
    result = {
        "benchmark": "pages",
        "size": chosen.size,
        "accounts": Account.objects.count(),
        "worst_p95_ms": max(page["p95"] for page in figures.values()),
        "account_list_p95_ms": figures["accounts"]["p95"],
        "first_usable_ms": first_usable(),
        "pages": figures,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
