"""Every page, with real ids in its address, opened in the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, reverse
from playwright.sync_api import Browser, Page

from banso.web.urls import urlpatterns
from tests.stories.conftest import Product, sign_in
from tests.stories.furnished import PASSWORD

#: Answers that are files to save, which a browser does not show.
DOWNLOADS = {"accounts-export", "import-errors"}
#: The same pages under the sign-in library's names.
TWICE = {"account_login", "account_logout"}
#: Pages that show more when asked for it.
QUERIES = {
    "accounts": ["?q=a", "?sort=-arr", "?page=2"],
    "search": ["?q=a", "?q=%22%3E%3Cscript%3Ewindow.__ran%3D1%3C%2Fscript%3E"],
    "tasks": ["?scope=all", "?show=all"],
    "import": ["?code=number"],
    "settings-source": ["?in=go"],
    "settings-unmatched": ["?ignored=yes"],
    "settings-refused": ["?code=nobody"],
    "settings-source-domain": ["?domain=hooli.example"],
}


def addresses(ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Name and path of everything that can be opened."""
    for pattern in urlpatterns:
        name = str(pattern.name)
        if name in DOWNLOADS | TWICE or name == "sign-out":
            continue
        path = reverse(name, kwargs=_values(pattern, name, ids))
        yield name, path
        for query in QUERIES.get(name, ()):
            yield name, path + query


def _values(pattern: URLPattern, name: str, ids: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for part in pattern.pattern.converters:
        if part == "uid":
            values[part] = _uid(name, ids)
        else:
            values[part] = "active_days_28d" if part == "key" else ids.get(part, ids["account"])
    return values


def _uid(name: str, ids: Mapping[str, str]) -> str:
    if name.startswith(("account", "contact", "signal-")):
        return ids["account"]
    if name == "import-preview":
        return ids["import-map"]
    fits = [prefix for prefix in ids if name.startswith(prefix)]
    return ids[max(fits, key=len)] if fits else ids["account"]


def open_page(page: Page, product: Product, path: str) -> bool:
    """Open an address; false where nothing is shown to a reader (405, or a part of a page)."""
    address = f"{product.address}{path}"
    # Chromium shows an empty refusal as an error of its own, so it is asked for beforehand.
    if page.context.request.head(address, max_redirects=0).status == 405:
        return False
    response = page.goto(address, wait_until="load")
    assert response is not None
    assert response.status < 400, f"{path} answers {response.status}"
    return True


def is_whole(page: Page) -> bool:
    """Whether it is a page and not a part of one."""
    return page.locator("link[rel=stylesheet]").count() > 0


def signed_in(browser: Browser, product: Product, language: str, **options: Any) -> Page:
    """A page of a reader of this language, who may see everything."""
    size = {"width": 1440, "height": 900}
    context = browser.new_context(**{"locale": language, "viewport": size, **options})
    page = context.new_page()
    sign_in(page, product, f"{language}@banso.example", PASSWORD)
    return page
