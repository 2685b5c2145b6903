"""Every page meets WCAG 2.2 AA as far as a program can tell, in both languages and both themes."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.stories.conftest import Product
from tests.stories.furnished import LANGUAGES
from tests.stories.pages import addresses, is_whole, open_page, signed_in

pytestmark = pytest.mark.slow
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: All that a theme can change.
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
Theme = Literal["light", "dark"]


def violations(page: Page, theme: Theme, options: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=theme)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{theme} {rule['id']}: {node['html'][:160]} – {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_used_by_everybody(
    language: str, browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, ids = furnished
    # Each theme is looked at as a whole in one language, and for its colours in the other.
    first, second = ("light", "dark") if language == "ja" else ("dark", "light")
    page = signed_in(browser, product, language, reduced_motion="reduce")
    trouble: list[str] = []
    whole = 0
    for name, path in addresses(ids):
        # Whoever is signed in is led on from these to Today.
        if name in {"home", "sign-in"}:
            continue
        if not open_page(page, product, path) or not is_whole(page):
            continue
        whole += 1
        found = violations(page, first, EVERYTHING) + violations(page, second, COLOURS)
        trouble += [f"{path} {one}" for one in found]
    page.context.close()
    assert whole > 40
    assert not trouble, "\n".join(trouble)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_one_can_sign_in(
    theme: Theme, language: str, browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    context = browser.new_context(locale=language, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{furnished[0].address}/sign-in/")
    found = violations(page, theme, EVERYTHING)
    page.fill("input[name=login]", "nobody@banso.example")
    page.fill("input[name=password]", "wrong")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("[role=alert], [aria-invalid=true]")
    found += violations(page, theme, EVERYTHING)
    context.close()
    assert not found, "\n".join(found)
