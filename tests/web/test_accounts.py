"""The list of accounts: filters, segments, columns, hand-over, export."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banso.accounts.selectors import account_by_uid, segments
from banso.accounts.services.accounts import create_account
from banso.health.rules.query import OPERATORS
from banso.kit import clock
from banso.web.views.accounts.builder import operator_choices, operator_words
from banso.workspace.selectors import actor_of, audit_entries
from banso.workspace.services.company import change_company
from banso.workspace.services.people import change_user
from banso.workspace.types import SYSTEM
from tests.conftest import NOON
from tests.web.book import DAY, customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def leader(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["leader"])
    return client


@pytest.fixture
def csm(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["csm"])
    return client


def names(client: Client, **query: Any) -> list[str]:
    """Names in the order of the list."""
    answer = client.get(f"/accounts/?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200
    return [
        part.split('title="')[1].split('"')[0] for part in answer.text.split("data-row-link")[1:]
    ]


def test_a_row_says_health_in_words_number_and_arrow_and_opens_its_sources(leader: Client) -> None:
    account = customer("Aoba", score=39.9, change_28=-14.2, arr=12_000_000, active_users=5)
    page = leader.get("/accounts/").text
    assert "Danger" in page
    assert ">39<" in page
    assert "−14" in page
    assert "¥12M" in page
    for place in ("", "health/", "contracts/", "usage/", "#signals"):
        assert f'href="/accounts/{account.uid}/{place}"' in page


def test_it_speaks_japanese(client: Client, people: dict[str, Any]) -> None:
    change_user(actor=SYSTEM, user=people["leader"], language="ja")
    people["leader"].refresh_from_db()
    client.force_login(people["leader"])
    customer("青葉", score=39.9, arr=12_000_000, segment="Mid", lifecycle="adoption")
    page = client.get("/accounts/").text
    for words in ("危険", "1,200万円", "2026/11/01", "7か月後", "Mid · 活用", "CS担当者"):
        assert words in page


def test_an_account_just_added_is_in_the_list(
    leader: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        create_account(actor=SYSTEM, name="Brand new")
    assert "Brand new" in names(leader, customer="all")


def test_quick_filters(leader: Client, people: dict[str, Any]) -> None:
    customer("Bad", score=20.0, segment="SMB", cs_owner=people["csm"])
    customer("Good", score=90.0, segment="Mid", renewal_on=DAY + timedelta(days=20))
    customer("Unknown", score=None)
    customer("Gone", score=None, is_customer=False)
    assert set(names(leader)) == {"Bad", "Good", "Unknown"}
    assert set(names(leader, customer="all")) == {"Bad", "Good", "Unknown", "Gone"}
    assert names(leader, customer="no") == ["Gone"]
    assert names(leader, band="danger") == ["Bad"]
    assert set(names(leader, band=["danger", "none"], customer="yes")) == {"Bad", "Unknown"}
    assert names(leader, segment="Mid") == ["Good"]
    assert names(leader, renewal="30") == ["Good"]
    assert names(leader, owner=str(people["csm"].uid)) == ["Bad"]
    assert "Bad" not in names(leader, owner="none")
    assert names(leader, q="goo") == ["Good"]


def test_a_built_query_joins_the_quick_filters(leader: Client) -> None:
    customer("A", score=20.0, arr=100)
    customer("B", score=20.0, arr=900)
    customer("C", score=90.0, arr=900)
    query = {"or": [{"field": "arr", "op": "gte", "value": 900}]}
    assert set(names(leader, query=json.dumps(query))) == {"B", "C"}
    assert names(leader, query=json.dumps(query), band="danger") == ["B"]


@pytest.mark.parametrize("text", ["{", "[1]", '{"and": [{"field": "nothing", "op": "is"}]}'])
def test_a_query_that_cannot_be_read_is_refused_with_a_word(leader: Client, text: str) -> None:
    answer = leader.get("/accounts/", {"query": text})
    assert answer.status_code == 400
    assert 'id="rail"' in answer.text


def test_sorting_and_pages(leader: Client) -> None:
    for number in range(60):
        customer(f"Account {number:02}", arr=number)
    assert names(leader, sort="name")[:2] == ["Account 00", "Account 01"]
    assert names(leader, sort="-arr")[0] == "Account 59"
    assert len(names(leader, sort="name", page=2)) == 10
    assert names(leader, sort="name", page="999") == names(leader, sort="name", page=2)
    assert len(names(leader, sort="no-such-field", page="x")) == 50


def test_columns_are_remembered(leader: Client) -> None:
    customer("Aoba", industry="Construction")
    assert "Construction" not in leader.get("/accounts/").text
    assert 'value="industry"' in leader.get("/accounts/columns/choose/").text
    leader.post("/accounts/columns/", {"columns": ["industry", "metric:days_since_activity"]})
    assert "Construction" in leader.get("/accounts/").text
    leader.post("/accounts/columns/", {"columns": ["industry"], "reset": "1"})
    assert "Construction" not in leader.get("/accounts/").text


def test_a_restricted_csm_sees_only_his_own(csm: Client, people: dict[str, Any]) -> None:
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    customer("Own", cs_owner=people["csm"])
    customer("Of others")
    assert names(csm, customer="all") == ["Own"]
    assert "Of others" not in csm.get("/accounts/export/?customer=all").text


def test_names_cannot_break_the_page(leader: Client) -> None:
    evil = '"><script>alert(1)</script>'
    customer(evil, segment=evil[:40], industry=evil)
    leader.post("/accounts/columns/", {"columns": ["industry", "segment", "name"]})
    assert "<script>alert" not in leader.get("/accounts/").text


def test_segments_are_kept_shared_changed_and_thrown_away(
    client: Client, people: dict[str, Any]
) -> None:
    customer("Bad", score=20.0)
    customer("Good", score=90.0)
    client.force_login(people["leader"])
    query = json.dumps({"and": [{"field": "band", "op": "is", "value": "danger"}]})
    saved = client.post(
        "/accounts/segments/", {"name": "In danger", "query": query, "shared": "1", "sort": "name"}
    )
    segment = segments(actor_of(people["leader"])).get()
    assert saved["Location"] == f"/accounts/?seg={segment.uid}"
    client.force_login(people["csm"])
    assert names(client, seg=segment.uid) == ["Bad"]
    assert "In danger" in client.get("/accounts/").text
    refused = client.post(f"/accounts/segments/{segment.uid}/delete/")
    assert refused.status_code == 403
    client.force_login(people["leader"])
    changed = json.dumps({"and": [{"field": "band", "op": "is", "value": "healthy"}]})
    client.post("/accounts/segments/", {"seg": segment.uid, "query": changed, "update": "1"})
    assert names(client, seg=segment.uid) == ["Good"]
    client.post(f"/accounts/segments/{segment.uid}/delete/")
    assert client.get(f"/accounts/?seg={segment.uid}").status_code == 404


def test_a_hand_over_says_beforehand_what_it_does_and_can_be_undone(
    leader: Client, people: dict[str, Any]
) -> None:
    first = customer("First", cs_owner=people["leader"])
    second = customer("Second")
    form = {"account": [first.pk, second.pk], "side": "cs", "to": str(people["csm"].uid)}
    asked = leader.post("/accounts/assign/", form).text
    assert "Csm becomes the CS owner of 2 accounts." in asked
    actor = actor_of(people["leader"])
    assert account_by_uid(actor, first.uid).cs_owner == people["leader"]
    leader.post("/accounts/assign/", {**form, "confirm": "1"})
    assert account_by_uid(actor, second.uid).cs_owner == people["csm"]
    page = leader.get("/accounts/").text
    assert "2 accounts have a new owner." in page
    undo = page.split('action="/accounts/assign/')[1].split('"')[0]
    done = leader.post(f"/accounts/assign/{undo}", follow=True).text
    assert "2 accounts were given back." in done
    assert account_by_uid(actor, first.uid).cs_owner == people["leader"]
    assert account_by_uid(actor, second.uid).cs_owner is None


def test_a_hand_over_counts_only_what_it_changes(leader: Client, people: dict[str, Any]) -> None:
    held = customer("Held", cs_owner=people["csm"])
    form = {"account": [held.pk, customer("Free").pk], "side": "cs", "to": str(people["csm"].uid)}
    asked = leader.post("/accounts/assign/", form).text
    assert "Csm becomes the CS owner of 1 account." in asked
    assert "1 of those chosen has this owner already" in asked
    again = leader.post("/accounts/assign/", {**form, "account": [held.pk]}, follow=True).text
    assert "All of them had this owner already." in again


def test_a_hand_over_can_be_undone_in_the_audit_log_for_thirty_days(
    client: Client, people: dict[str, Any]
) -> None:
    account = customer("First")
    form = {"account": [account.pk], "side": "cs", "to": str(people["csm"].uid), "confirm": "1"}
    offered = 'action="/accounts/assign/'
    pages = {}
    for days in (0, 29, 31):
        with clock.at(NOON + timedelta(days=days)):
            client.force_login(people["leader"])
            if days == 0:
                client.post("/accounts/assign/", form)
            pages[days] = client.get("/settings/audit/").text
    assert [offered in page for page in pages.values()] == [True, True, False]
    undo = pages[29].split(offered)[1].split('"')[0]
    with clock.at(NOON + timedelta(days=29)):
        client.force_login(people["leader"])
        back = {"next": "/settings/audit/"}
        done = client.post(f"/accounts/assign/{undo}", back, follow=True).text
    assert "1 account was given back." in done
    assert offered not in done
    assert account_by_uid(actor_of(people["leader"]), account.uid).cs_owner is None


def test_all_that_match_are_handed_over(leader: Client, people: dict[str, Any]) -> None:
    bad, good = customer("Bad", score=20.0), customer("Good", score=90.0)
    query = json.dumps({"and": [{"field": "band", "op": "is", "value": "danger"}]})
    form = {"everything": "1", "query": query, "side": "sales", "to": str(people["sales"].uid)}
    leader.post("/accounts/assign/", {**form, "confirm": "1"})
    actor = actor_of(people["leader"])
    assert account_by_uid(actor, bad.uid).sales_owner == people["sales"]
    assert account_by_uid(actor, good.uid).sales_owner is None


@pytest.mark.parametrize(
    "form",
    [
        {"side": "cs", "to": "none"},
        {"account": ["1"], "side": "?", "to": "none"},
        {"account": ["1"], "side": "cs", "to": "somebody"},
    ],
)
def test_a_hand_over_without_sense_is_refused(leader: Client, form: dict[str, Any]) -> None:
    assert leader.post("/accounts/assign/", form).status_code == 400


def test_only_leaders_hand_over(csm: Client, people: dict[str, Any]) -> None:
    account = customer("Aoba")
    assert "data-bulk" not in csm.get("/accounts/").text
    form = {"account": [account.pk], "side": "cs", "to": str(people["csm"].uid), "confirm": "1"}
    assert csm.post("/accounts/assign/", form).status_code == 403


def test_the_export_holds_the_filter_and_no_formula(leader: Client) -> None:
    customer("=HYPERLINK(1)", score=20.0, arr=1_200_000)
    customer("Good", score=90.0)
    answer = leader.get("/accounts/export/?band=danger&format=csv")
    assert answer["Content-Disposition"].startswith(
        'attachment; filename="banso-accounts-2026-04-15'
    )
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    row = dict(zip(header, rows[0], strict=True))
    assert len(rows) == 1
    assert row["Account"] == "'=HYPERLINK(1)"
    assert (row["Health"], row["Health score"]) == ("Danger", "20.0")
    assert (row["ARR"], row["Currency"]) == ("1200000", "JPY")
    entry = audit_entries().first()
    assert entry is not None
    assert (entry.action, entry.detail.after["rows"]) == ("accounts.exported", 1)
    assert leader.get("/accounts/export/?format=xlsx").content[:2] == b"PK"


def test_a_viewer_takes_nothing_out(client: Client, people: dict[str, Any]) -> None:
    customer("Aoba")
    client.force_login(people["viewer"])
    assert "/accounts/export/" not in client.get("/accounts/").text
    assert "/accounts/assign/" not in client.get("/accounts/").text
    assert client.get("/accounts/export/").status_code == 403


def test_the_builder_knows_every_field_and_comparison(leader: Client) -> None:
    page = leader.get("/accounts/filter/").text
    for key in ("score", "renewal_on", "metric:days_since_activity"):
        if not key.startswith("metric") or "metric:" in page:
            assert f'"{key}"' in page
    words = operator_words()
    assert {op for ops in OPERATORS.values() for op in ops} <= set(words)
    assert set(operator_choices()) >= {str(kind) for kind in OPERATORS}


@pytest.mark.parametrize("path", ["/accounts/filter/?q=ao", "/accounts/columns/choose/?q=ao"])
def test_a_dialog_opened_by_its_address_is_a_whole_page(leader: Client, path: str) -> None:
    alone = leader.get(path)
    assert "<main" in alone.text
    assert 'href="/accounts/?q=ao"' in alone.text
    assert "data-close-dialog" not in alone.text.split("<main")[1].split("</main")[0]
    inside = leader.get(path, headers={"HX-Request": "true"})
    assert "<main" not in inside.text
    assert "HX-Request" in inside["Vary"]


def test_calling_off_a_hand_over_leads_back_to_the_same_list(
    leader: Client, people: dict[str, Any]
) -> None:
    account = customer("Aoba", cs_owner=people["csm"])
    sent = {"account": account.pk, "side": "cs", "to": "none", "next": "/accounts/?band=danger"}
    assert 'href="/accounts/?band=danger"' in leader.post("/accounts/assign/", sent).text


def test_an_empty_book_and_an_empty_filter_teach(leader: Client) -> None:
    assert "No accounts yet" in leader.get("/accounts/").text
    customer("Aoba")
    assert "No account fits" in leader.get("/accounts/?q=nothing").text


def test_the_number_of_queries_does_not_grow(leader: Client, people: dict[str, Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            leader.get("/accounts/")
        return len(queries)

    customer("One")
    count()
    before = count()
    for number in range(30):
        customer(f"More {number}", cs_owner=people["csm"], segment=f"S{number % 3}")
    assert count() <= before
    assert before <= 16
