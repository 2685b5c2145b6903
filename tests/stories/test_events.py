"""A product is connected: the first event comes in by itself, and is matched to its customer."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.stories.conftest import Product
from tests.stories.pages import signed_in

pytestmark = pytest.mark.slow
#: Half a minute is for a machine that does much else; it takes less than a second.
PATIENCE = 30_000


def send(product: Product, key: str, *messages: dict[str, Any]) -> dict[str, Any]:
    """Post messages as a server would; returns the answer."""
    login = b64encode(f"{key}:".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {login}"}
    body = json.dumps({"batch": messages}).encode()
    with urlopen(Request(f"{product.address}/v1/batch", body, headers), timeout=30) as answer:
        return dict(json.load(answer))


def test_a_product_is_connected_and_its_first_event_matched(
    browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, _ids = furnished
    page = signed_in(browser, product, "en")
    page.goto(f"{product.address}/settings/sources/")
    page.get_by_role("link", name="Connect events").first.click()
    page.fill("[name=name]", "Story server")
    page.get_by_role("button", name="Create the source and its key").click()
    expect(page.get_by_text("Waiting for the first event", exact=True).last).to_be_visible()
    page.get_by_role("link", name="Python").click()
    key = page.locator(".write-key").inner_text()
    expect(page.locator("#snippet-code")).to_contain_text(f'analytics.write_key = "{key}"')
    answer = send(
        product,
        key,
        {"type": "track", "userId": "story-1", "event": "Report Exported", "messageId": "s-1"},
        {"type": "track", "userId": "story-1", "messageId": "s-2"},
    )
    assert (answer["accepted"], answer["rejected"][0]["code"]) == (1, "no-event")
    first = page.get_by_text("The first event has been received")
    expect(first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#arrivals")).to_contain_text("Report Exported")
    expect(page.locator("#arrivals")).to_contain_text("A track message does not name its event.")
    expect(page.locator("#arrivals")).to_contain_text("Not matched yet")
    page.get_by_role("link", name="Say whose it is").click()
    page.get_by_role("link", name="story-1", exact=True).click()
    page.locator("#match-account").press_sequentially("name")
    page.locator(".picker-list [role=option]").first.click()
    page.get_by_role("button", name="Match to this account").click()
    expect(page.locator(".toast")).to_contain_text("“story-1” belongs to")
    expect(page.locator("#parties")).not_to_contain_text("story-1", timeout=PATIENCE)
    page.context.close()


def test_an_event_changes_the_open_page_of_its_account(
    browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, ids = furnished
    page = signed_in(browser, product, "en")
    page.goto(f"{product.address}/settings/sources/new/")
    page.fill("[name=name]", "Open page")
    page.get_by_role("button", name="Create the source and its key").click()
    key = page.locator(".write-key").inner_text()
    page.goto(f"{product.address}/accounts/{ids['account']}/")
    name = page.locator("h1").inner_text()
    page.goto(f"{product.address}/accounts/{ids['account']}/usage/")
    page.evaluate("document.querySelector('.account-head').mine = true")
    send(
        product,
        key,
        {"type": "group", "userId": "o-1", "groupId": "G-o", "traits": {"name": name}},
        {"type": "track", "userId": "o-1", "event": "Seen while open", "messageId": "o-2"},
    )
    expect(page.locator("#account-tab")).to_contain_text("Seen while open", timeout=PATIENCE)
    assert page.evaluate("document.querySelector('.account-head').mine")
    page.context.close()
