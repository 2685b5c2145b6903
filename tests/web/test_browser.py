"""The shell in a real browser: search, keyboard, filter builder, charts, and a quiet console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from tests.stories.conftest import CHROMIUM_FLAGS, complaint
from tests.web.book import customer, signal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def browser(address: str, *, bypass_csp: bool = False, dark: bool = False) -> Iterator[Page]:
    """A signed-in leader; what the console complains about fails the test."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
        )
        context = chromium.new_context(
            bypass_csp=bypass_csp, color_scheme="dark" if dark else "light", locale="en-US"
        )
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(complaint(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/sign-in/")
        page.fill("[name=login]", "leader@banso.example")
        page.fill("[name=password]", "leader-pass-2026")
        page.click("#sign-in button.button")
        page.wait_for_url("**/today/")
        yield page
        chromium.close()
    assert complaints == []


@pytest.fixture
def book(people: dict[str, Any]) -> None:
    """Two customers, one in danger."""
    signal(customer("Aoba Kensetsu", score=20.0))
    customer("Hokuto Denki", score=90.0)


def test_search_opens_with_a_slash_and_is_walked_by_keyboard(live_server: Any, book: None) -> None:
    with browser(live_server.url) as page:
        page.keyboard.press("/")
        page.keyboard.type("hokuto")
        expect(page.locator(".palette-item[aria-selected=true]")).to_contain_text("Hokuto Denki")
        page.keyboard.press("Enter")
        expect(page.locator("h1").first).to_contain_text("Hokuto Denki")


def test_search_closes_with_one_press(live_server: Any, book: None) -> None:
    with browser(live_server.url) as page:
        page.keyboard.press("/")
        page.keyboard.type("hokuto")
        expect(page.locator(".palette-item").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()


def test_search_gives_up_what_is_no_longer_asked(live_server: Any, book: None) -> None:
    with browser(live_server.url) as page:
        page.route("**/search/?palette=1*q=hok", lambda never_answered: None)
        page.keyboard.press("/")
        with page.expect_request("**/search/?palette=1*q=hok"):
            page.keyboard.type("hok")
        page.keyboard.type("uto")
        expect(page.locator(".palette-item[aria-selected=true]")).to_contain_text("Hokuto Denki")


def test_a_list_is_worked_by_keyboard(live_server: Any, book: None) -> None:
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/accounts/?sort=name")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("tr[data-cursor]")).to_contain_text("Hokuto Denki")
        page.keyboard.press("x")
        expect(page.locator("[data-bulk-count]")).to_have_text("1")
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("o")
        expect(page.locator("h1").first).to_contain_text("Hokuto Denki")


def test_a_filter_is_built_and_saved_as_a_segment(live_server: Any, book: None) -> None:
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/accounts/")
        page.click("[data-open-dialog=filter]")
        leaf = page.locator(".filter-leaf").first
        leaf.locator("select").first.select_option("score")
        leaf.locator("select").nth(1).select_option("lt")
        leaf.locator("input").fill("40")
        page.click("#filter .dialog-actions [data-variant=primary]")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.click("[data-open-dialog=save-segment]")
        page.fill("#segment-name", "Needs help")
        page.click("#save-segment .dialog-actions [data-variant=primary]")
        expect(page.locator("h1")).to_have_text("Needs help")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_label("This segment").click()
        page.get_by_text("Delete this segment").click()
        expect(page.locator("h1")).to_have_text("Needs help")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_text("Delete this segment").click()
        expect(page.locator("h1")).to_have_text("Accounts")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_have_no_fault_that_axe_finds(live_server: Any, book: None, dark: bool) -> None:
    with browser(live_server.url, bypass_csp=True, dark=dark) as page:
        for path in ("/today/", "/accounts/", "/search/?q=aoba"):
            page.goto(f"{live_server.url}{path}")
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [360, 820, 2560])
def test_no_page_scrolls_sideways(live_server: Any, book: None, width: int) -> None:
    with browser(live_server.url) as page:
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/today/", "/accounts/", "/search/"):
            page.goto(f"{live_server.url}{path}")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, path
