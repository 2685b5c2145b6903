"""No text that somebody typed or imported ever runs, on any page, in either language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.stories.conftest import Product
from tests.stories.furnished import LANGUAGES
from tests.stories.pages import addresses, open_page, signed_in
from tests.stories.words import HOSTILE

pytestmark = pytest.mark.slow

#: Runs before the page does and keeps what the security policy reports.
WATCH = """
window.__reports = [];
addEventListener('securitypolicyviolation', event => window.__reports.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
#: What a text has become that got out of its place.
ESCAPED = """() => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name) && /__ran/.test(attribute.value)) found.push(attribute.name);
      if (/^(href|src|action|formaction)$/.test(attribute.name)
          && /^\\s*javascript:/i.test(attribute.value)) found.push(attribute.value);
    }
    if (element.matches('script:not([src]):not([type="application/json"]), img[src="x"], iframe,'
        + 'svg[onload], style, c-button')) found.push(element.outerHTML.slice(0, 200));
  }
  return found;
}"""


def _note(seen: list[str], said: ConsoleMessage) -> None:
    # A part of a page names no icon of its own, so the browser asks for the usual one.
    if said.type == "error" and not said.location["url"].endswith("/favicon.ico"):
        seen.append(f"console {said.text}")


def watch(page: Page, seen: list[str]) -> None:
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(f"error {error}"))
    page.on("console", lambda said: _note(seen, said))


def test_a_text_that_got_out_would_be_noticed(
    browser: Browser, hostile: tuple[Product, dict[str, str]]
) -> None:
    product, _ = hostile
    page = signed_in(browser, product, "en")
    seen: list[str] = []
    watch(page, seen)
    open_page(page, product, "/settings/")
    for text in HOSTILE[:2]:
        page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", text)
    page.wait_for_function("window.__reports.length > 0")
    assert page.evaluate(ESCAPED)
    page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_runs_on_any_page(
    language: str, browser: Browser, hostile: tuple[Product, dict[str, str]]
) -> None:
    product, ids = hostile
    page = signed_in(browser, product, language)
    seen: list[str] = []
    watch(page, seen)
    trouble: dict[str, list[str]] = {}
    shown = 0
    for name, path in addresses(ids):
        seen.clear()
        if not open_page(page, product, path):
            continue
        if name in {"account", "account-usage", "today", "nps", "accounts", "settings-scorecard"}:
            page.wait_for_load_state("networkidle")
        reports = page.evaluate("window.__reports")
        assert page.evaluate("window.__ran") is None, f"{path} ran a text"
        shown += sum(text in page.content() or text in page.inner_text("body") for text in HOSTILE)
        if found := [*seen, *reports, *page.evaluate(ESCAPED)]:
            trouble[path] = found
    page.context.close()
    assert trouble == {}
    assert shown > 100, "the hostile texts are not on the pages"
