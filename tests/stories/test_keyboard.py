"""Today, the accounts and an account are used without a mouse, and one always sees where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.conftest import Product
from tests.stories.furnished import LANGUAGES
from tests.stories.pages import signed_in

pytestmark = pytest.mark.slow

#: Gives every element that can be pressed, and is shown, a number.
MARK = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  let count = 0;
  for (const element of document.querySelectorAll(wanted)) {
    if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({
        checkOpacity: false, checkVisibilityCSS: true, contentVisibilityAuto: true })) continue;
    const hidden = '[inert], dialog:not([open]), details:not([open]) > :not(summary)';
    if (element.closest(hidden)) continue;
    if (element.type === 'radio' && !element.checked && element.form
        && element.form.querySelector(`[name="${element.name}"]:checked`)) continue;
    element.dataset.keyboard = String(count++);
  }
  return count;
}"""
#: What has the focus, how it differs from the same element without, and whether it can be seen.
LOOK = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const label = element.matches('.visually-hidden') ? element.closest('label') : null;
  const shown = label ?? element;
  const look = node => {
    const style = getComputedStyle(node);
    return [style.outlineStyle === 'none' ? 'none' : style.outline, style.boxShadow,
            style.borderColor, style.backgroundColor, style.textDecorationLine].join('|');
  };
  const parts = [shown, ...[shown.parentElement].filter(Boolean)];
  const focused = parts.map(look).join('/');
  const box = shown.getBoundingClientRect();
  const middle = document.elementFromPoint(
    Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1));
  element.blur();
  const plain = parts.map(look).join('/');
  element.focus({ preventScroll: true });
  return {
    number: element.dataset.keyboard ?? null,
    html: element.outerHTML.slice(0, 160),
    marked: focused !== plain,
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !(middle && (shown.contains(middle) || middle.contains(shown))),
  };
}"""


SAME = """() => {
  const same = document.activeElement === window.__before;
  window.__before = document.activeElement;
  return same;
}"""


def walk(page: Page) -> list[str]:
    """Press Tab from the top to the end; what was wrong on the way."""
    wanted = page.evaluate(MARK)
    assert wanted > 10
    reached: set[str] = set()
    trouble: list[str] = []
    stays = 0
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        # A field for a day has stops of its own: year, month, day, calendar.
        stays = stays + 1 if page.evaluate(SAME) else 0
        if stays > 8:
            trouble.append(f"the focus is trapped: {page.evaluate(LOOK)['html']}")
            break
        if stays:
            continue
        seen = page.evaluate(LOOK)
        if seen is None:
            break
        if seen["number"] is not None:
            reached.add(seen["number"])
        for problem, wrong in (
            ("cannot be seen to have the focus", not seen["marked"]),
            ("has the focus outside the window", not seen["within"]),
            ("has the focus behind something else", seen["covered"]),
        ):
            if wrong:
                trouble.append(f"{problem}: {seen['html']}")
    for number in range(wanted):
        if str(number) not in reached:
            element = page.locator(f"[data-keyboard='{number}']")
            html = element.evaluate("e => e.outerHTML.slice(0, 160)") if element.count() else "gone"
            trouble.append(f"is not reached: {html}")
    return trouble


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["today", "accounts", "account"])
def test_everything_is_reached_by_tab_and_seen(
    name: str, language: str, browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, ids = furnished
    page = signed_in(browser, product, language, reduced_motion="reduce")
    path = f"/accounts/{ids['account']}/" if name == "account" else f"/{name}/"
    page.goto(f"{product.address}{path}", wait_until="networkidle")
    trouble = walk(page)
    page.context.close()
    assert not trouble, "\n".join(trouble)


def test_the_first_tab_skips_to_the_content(
    browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, _ = furnished
    page = signed_in(browser, product, "en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.context.close()


def test_search_opens_closes_and_gives_the_focus_back(
    browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, _ = furnished
    page = signed_in(browser, product, "en")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    before = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("/")
    dialog = page.locator("dialog[open]")
    assert dialog.count() == 1
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = "!document.activeElement || document.activeElement === document.body"
        inside += " || !!document.activeElement.closest('dialog[open]')"
        assert page.evaluate(inside), "the focus left an open dialog"
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert page.evaluate("document.activeElement.outerHTML") == before
    page.context.close()
