"""Open pages that bring themselves up to date, without taking anything from who works in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from banso.accounts.services.accounts import change_account
from banso.health.models import Pulse
from banso.workspace.types import SYSTEM
from tests.web.book import customer, signal
from tests.web.test_browser import browser

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: Stands in for the stream, so that the test says when something has changed.
STREAM = """
window.streams = [];
window.EventSource = class extends EventTarget {
  static CLOSED = 2;
  constructor(url) { super(); this.url = new URL(url, location).href; this.readyState = 1;
    window.streams.push(this); setTimeout(() => this.dispatchEvent(new Event("open"))); }
  close() { this.readyState = 2; }
};
window.tell = (topic) => window.streams.at(-1).dispatchEvent(new MessageEvent(topic, {data: "{}"}));
"""


@contextmanager
def watching(address: str, path: str) -> Iterator[Page]:
    with browser(address) as page:
        page.add_init_script(STREAM)
        page.goto(f"{address}{path}")
        yield page


def meanwhile(work: Callable[[], object]) -> None:
    """Somebody else's doing: on a thread of its own, as the browser's keeps Django out."""

    def alone() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(alone).result()


def change_score(account: Any, score: float, band: str) -> None:
    found = Pulse.objects.filter(account=account)
    meanwhile(lambda: found.update(score=score, band=band))


def test_the_score_of_an_open_account_changes_in_place(live_server: Any, people: Any) -> None:
    account = customer("Aoba Kensetsu", score=20.0)
    with watching(live_server.url, f"/accounts/{account.uid}/") as page:
        assert f"accounts={account.uid}" in page.evaluate("streams[0].url")
        page.evaluate("document.querySelector('.account-head').mine = true")
        change_score(account, 81.0, "healthy")
        page.evaluate("tell('accounts')")
        expect(page.locator(".account-head .health-score")).to_have_text("81", timeout=1500)
        expect(page.locator(".account-fact-health")).to_have_attribute("data-fresh", "")
        assert page.evaluate("document.querySelector('.account-head').mine")
        expect(page.locator("[data-fresh]")).to_have_count(0)


def test_what_somebody_is_doing_stays(live_server: Any, people: Any) -> None:
    account = customer("Aoba Kensetsu", score=20.0)
    signal(account)
    with watching(live_server.url, f"/accounts/{account.uid}/") as page:
        page.fill("#quick-title", "Call about")
        page.select_option("#quick-owner", index=1)
        chosen = page.input_value("#quick-owner")
        page.locator(".account-actions summary").click()
        page.focus("#quick-title")
        page.evaluate("scrollTo(0, 120)")
        before = page.evaluate("scrollY")
        change_score(account, 81.0, "healthy")
        page.evaluate("tell('accounts')")
        expect(page.locator(".account-head .health-score")).to_have_text("81")
        page.keyboard.type(" the budget")
        expect(page.locator("#quick-title")).to_have_value("Call about the budget")
        expect(page.locator("#quick-owner")).to_have_value(chosen)
        expect(page.locator(".account-actions details")).to_have_attribute("open", "")
        assert page.evaluate("scrollY") == before > 0


def test_rows_in_use_are_offered_and_others_change(live_server: Any, people: Any) -> None:
    account = customer("Aoba Kensetsu", score=20.0)
    customer("Hokuto Denki", score=90.0)
    with watching(live_server.url, "/accounts/") as page:
        row = page.locator("tr", has_text="Aoba Kensetsu")
        change_score(account, 55.0, "caution")
        page.evaluate("tell('accounts')")
        expect(row.locator(".health-score")).to_have_text("55")
        expect(page.locator("#live-offer")).to_be_hidden()
        row.locator("input[type=checkbox]").check()
        change_score(account, 33.0, "danger")
        page.evaluate("tell('accounts')")
        expect(page.locator("#live-offer")).to_be_visible()
        expect(row.locator(".health-score")).to_have_text("55")
        page.click("#live-offer")
        expect(row.locator(".health-score")).to_have_text("33")
        expect(row.locator("input[type=checkbox]")).to_be_checked()
        expect(page.locator("#live-offer")).to_be_hidden()


def test_a_burst_of_changes_is_fetched_a_few_times(live_server: Any, people: Any) -> None:
    account = customer("Aoba Kensetsu", score=20.0)
    with watching(live_server.url, f"/accounts/{account.uid}/") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.resource_type))
        for _ in range(50):
            page.evaluate("tell('accounts')")
        page.wait_for_timeout(1200)
        assert 1 <= asked.count("fetch") <= 3


def test_a_lost_stream_is_opened_again_and_what_was_missed_shown(
    live_server: Any, people: Any
) -> None:
    account = customer("Aoba Kensetsu", score=20.0)
    with watching(live_server.url, f"/accounts/{account.uid}/") as page:
        meanwhile(lambda: change_account(actor=SYSTEM, account=account, name="Aoba Holdings"))
        page.evaluate("streams[0].readyState = 0; streams[0].dispatchEvent(new Event('error'))")
        expect(page.locator("h1")).to_have_text("Aoba Holdings")
        assert page.evaluate("streams.length") == 2


def test_a_message_waits_for_the_page_that_was_asked_for(live_server: Any, people: Any) -> None:
    account = customer("Aoba Kensetsu", score=20.0)
    with watching(live_server.url, f"/accounts/{account.uid}/") as page:
        token = page.locator("#account-tab input[name=csrfmiddlewaretoken]").first.input_value()
        sent = page.request.post(
            f"{live_server.url}/tasks/new/",
            form={"csrfmiddlewaretoken": token, "title": "Call", "next": "/tasks/"},
            headers={"Referer": live_server.url},
            max_redirects=0,
        )
        assert sent.status == 302
        page.evaluate("tell('accounts')")
        page.wait_for_timeout(700)
        page.goto(f"{live_server.url}/tasks/")
        expect(page.locator(".toast")).to_contain_text("Task noted: Call")
