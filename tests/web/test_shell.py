"""The shell: sign-in, language, theme, search, errors; what every page has around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from banso.accounts.services.accounts import create_account
from banso.web import vendor
from banso.workspace.selectors import company
from banso.workspace.services.company import pin_day
from banso.workspace.services.people import change_user
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, people: dict[str, Any]) -> Client:
    """A CSM who reads English."""
    client.force_login(people["csm"])
    return client


def test_a_person_signs_in_with_mail_and_password(
    client: Client, people: dict[str, object]
) -> None:
    wrong = client.post("/sign-in/", {"login": "csm@banso.example", "password": "no"})
    assert wrong.status_code == 200
    assert "field-error" in wrong.text or 'role="alert"' in wrong.text
    # Who mistyped the password goes on there.
    (focused,) = re.findall(r"<input[^>]* autofocus[^>]*>", wrong.text)
    assert 'name="password"' in focused
    right = client.post(
        "/sign-in/?next=/search/",
        {"login": "csm@banso.example", "password": "csm-pass-2026", "next": "/search/"},
    )
    assert (right.status_code, right["Location"]) == (302, "/search/")


@pytest.fixture
def fresh_limits() -> Iterator[None]:
    """The limits on guessing are counted in the cache, which tests share."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("fresh_limits")
def test_guessing_passwords_is_stopped(client: Client, people: dict[str, object]) -> None:
    client.post("/language/", {"language": "en"})
    guess = {"login": "csm@banso.example", "password": "no"}
    answers = [client.post("/sign-in/", guess) for _ in range(40)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].text
    right = {"login": "csm@banso.example", "password": "csm-pass-2026"}
    assert client.post("/sign-in/", right).status_code != 302


def test_pages_ask_for_sign_in_and_lead_back(client: Client) -> None:
    answer = client.get("/search/?q=x")
    assert answer["Location"] == "/sign-in/?next=%2Fsearch%2F%3Fq%3Dx"


def test_the_sign_in_page_speaks_the_language_asked_for(client: Client) -> None:
    assert "Sign in" in client.get("/sign-in/", headers={"Accept-Language": "en"}).text
    assert "サインイン" in client.get("/sign-in/", headers={"Accept-Language": "ja"}).text
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert "Sign in" in client.get("/sign-in/", headers={"Accept-Language": "ja"}).text


def test_demo_logins_are_listed_only_for_the_demo(client: Client, people: dict[str, Any]) -> None:
    assert "data-demo-email" not in client.get("/sign-in/").text
    change_user(actor=SYSTEM, user=people["csm"], email="csm@demo.example")
    assert 'data-demo-email="csm@demo.example"' in client.get("/sign-in/").text


def test_the_language_switch_is_kept_with_the_person(
    signed_in: Client, people: dict[str, Any]
) -> None:
    signed_in.post("/language/", {"language": "ja", "next": "/search/"})
    people["csm"].refresh_from_db()
    assert people["csm"].language == "ja"
    assert '<html lang="ja"' in signed_in.get("/search/").text


def test_the_theme_is_kept_with_the_person(signed_in: Client) -> None:
    assert 'data-theme="auto"' in signed_in.get("/search/").text
    signed_in.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in signed_in.get("/search/").text


def test_a_form_never_leads_to_another_host(signed_in: Client) -> None:
    answer = signed_in.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_pinned_day_is_announced_and_leaders_unpin_it(
    client: Client, people: dict[str, Any]
) -> None:
    pin_day(day=date(2025, 3, 31))
    client.force_login(people["csm"])
    page = client.get("/search/").text
    assert "Mar 31, 2025" in page
    assert "/unpin-day/" not in page
    assert client.post("/unpin-day/").status_code == 403
    client.force_login(people["leader"])
    page = client.get("/search/").text
    assert "/unpin-day/" in page
    assert "Change the day" not in page, "the company's settings are for administrators"
    client.post("/unpin-day/")
    assert company().pinned_on is None


def test_search_finds_accounts_by_two_japanese_characters_and_pages_by_name(
    signed_in: Client,
) -> None:
    account = create_account(actor=SYSTEM, name="株式会社シンワ設備")
    page = signed_in.get("/search/", {"q": "しん"}).text
    assert f"/accounts/{account.uid}/" in page
    inside = signed_in.get("/search/", {"q": "profile", "palette": "1"}).text
    assert "<html" not in inside
    assert "/settings/profile/" in inside


def test_search_offers_no_page_that_the_role_may_not_open(
    client: Client, people: dict[str, Any]
) -> None:
    client.force_login(people["viewer"])
    assert "/settings/audit/" not in client.get("/search/", {"q": "audit"}).text
    client.force_login(people["leader"])
    assert "/settings/audit/" in client.get("/search/", {"q": "audit"}).text


def test_a_missing_page_says_so_inside_the_shell(signed_in: Client) -> None:
    answer = signed_in.get("/no-such-page/")
    assert answer.status_code == 404
    assert "This page does not exist." in answer.text
    assert 'id="rail"' in answer.text


def test_an_htmx_request_gets_its_error_as_a_toast(signed_in: Client) -> None:
    answer = signed_in.get("/no-such-page/", headers={"HX-Request": "true"})
    assert 'class="toast"' in answer.text
    assert "<html" not in answer.text


def test_pages_hold_no_inline_script_or_style(signed_in: Client) -> None:
    page = signed_in.get("/search/").text
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*(src=|application/json))", page)


def test_the_page_for_our_own_faults_needs_nothing(settings: Any) -> None:
    from django.template.loader import get_template

    page = get_template("500.html").render({})
    assert "エラー" in page
    assert "went wrong" in page


def test_the_chart_library_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / vendor.BUNDLE).write_text("kept")
    (tmp_path / vendor.STAMP).write_text(vendor.version())
    assert vendor.build(tmp_path).read_text() == "kept"
