"""Where the data comes from, and how fresh it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from banso.connectors.services.runs import create_import, run_import
from banso.connectors.services.undo import undo_import
from banso.connectors.types import Kind
from banso.workspace.types import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def bring(tmp_path: Any) -> Any:
    def bring(kind: str, text: str) -> Any:
        path = tmp_path / f"{kind}.csv"
        path.write_text(text)
        run = create_import(actor=SYSTEM, path=path, kind=Kind(kind), source="crm")
        return run_import(actor=SYSTEM, run=run, refresh=False)

    return bring


def test_each_source_says_what_it_brings_and_until_when(
    client: Client, people: dict[str, Any], bring: Any
) -> None:
    client.force_login(people["leader"])
    assert "Nothing has come in yet" in client.get("/settings/sources/").text
    bring("accounts", "id,name\n1,Acme\n2,Beta\n")
    bring("tickets", "id,account,opened_at\nt1,1,2026-04-01 23:30\n")
    usage = bring("usage", "account,day,user,feature,events\n1,2026-04-05,u1,login,3\n")
    page = client.get("/settings/sources/").text
    assert [page.count(word) for word in (">crm<", "accounts.csv", "usage.csv")] == [3, 1, 1]
    assert "Apr 1, 2026" in page
    assert "Apr 5, 2026" in page
    assert page.count("out of date") == 1
    bring("usage", "account,day,user,feature,events\n1,2026-04-09,u1,login,3\n")
    assert "out of date" not in client.get("/settings/sources/").text
    undo_import(actor=SYSTEM, run=usage, refresh=False)
    page = client.get("/settings/sources/").text
    assert "Apr 9, 2026" in page
    assert "Apr 5, 2026" not in page
