"""The company's settings: read once for a page, and never out of date."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banso.workspace.selectors import company, company_read_once
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM
from tests.web.book import customer

pytestmark = pytest.mark.django_db


def reads(queries: CaptureQueriesContext) -> int:
    return sum('FROM "workspace_company"' in query["sql"] for query in queries)


def test_within_the_block_the_settings_are_read_once() -> None:
    with CaptureQueriesContext(connection) as queries, company_read_once():
        assert company().currency == company().currency
    assert reads(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        _both = company(), company()
    assert reads(queries) == 2


def test_a_change_is_seen_at_once() -> None:
    with company_read_once():
        assert company().currency == "JPY"
        change_company(actor=SYSTEM, currency="EUR")
        assert company().currency == "EUR"
    assert company().currency == "EUR"


@pytest.mark.parametrize("tab", ["", "contracts/", "usage/", "health/"])
def test_a_page_reads_the_settings_once(
    client: Client, people: dict[str, Any], stopped_clock: object, tab: str
) -> None:
    account = customer("Aoba")
    client.force_login(people["leader"])
    for path in (f"/accounts/{account.uid}/{tab}", "/today/", "/accounts/"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert reads(queries) == 1


def test_the_next_page_shows_what_was_changed_elsewhere(
    client: Client, people: dict[str, Any], stopped_clock: object
) -> None:
    customer("Aoba")
    client.force_login(people["csm"])
    assert client.get("/accounts/").status_code == 200
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    assert "Aoba" not in client.get("/accounts/").text
