"""No request, however made, is answered with a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from banso.accounts.services.accounts import create_account
from banso.health.models import Scorecard
from banso.health.services.install import install_defaults
from banso.workspace.types import SYSTEM
from tests.conftest import Open, create_people

pytestmark = pytest.mark.django_db

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "another encoding": '{"name": "会社"}'.encode("cp932"),
    "100,000 deep": b"[" * 100_000,
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a number of 5,000 digits": b'{"spec": ' + b"9" * 5_000 + b"}",
    "NaN": b'{"spec": NaN, "note": NaN}',
    "half a character": rb'{"spec": {}, "note": "\ud800"}',
    "NUL": rb'{"spec": {}, "note": "\u0000"}',
    "another kind": b'{"spec": [1, {"a": null}], "note": {"x": []}}',
    "a list": b"[1, 2]",
    "a string": b'"spec"',
    "null": b"null",
}


@pytest.fixture(scope="module")
def session(shared_db: Open) -> str:
    """The session of an administrator who has signed in to a company with the defaults."""
    client = Client()
    with shared_db():
        install_defaults()
        client.force_login(create_people()["admin"])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def admin(session: str) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", ["settings-scorecard-preview", "settings-scorecard-save"])
def test_a_body_that_is_no_draft(name: str, body: str, admin: Client) -> None:
    card = Scorecard.objects.get(is_default=True)
    address = reverse(name, args=[card.uid])
    answer = admin.post(address, BODIES[body], content_type="application/json")
    # The preview says what has to be put right; nothing else takes such a draft.
    refused = b"problems" in answer.content if name.endswith("preview") else False
    assert refused or 400 <= answer.status_code < 500, answer.content[:300]


def _with_note(note: str) -> dict[str, Any]:
    card = Scorecard.objects.get(is_default=True)
    version = card.versions.order_by("-number").first()
    assert version is not None
    spec = json.loads(json.dumps(version.spec))
    spec["groups"][0]["name_en"] = note
    return {"spec": spec, "note": note, "number": version.number}


@pytest.mark.parametrize("note", ["\ud800", "a\0b", "x" * 100_000], ids=["half", "NUL", "long"])
def test_a_draft_with_a_text_that_cannot_be_kept(note: str, admin: Client) -> None:
    card = Scorecard.objects.get(is_default=True)
    address = reverse("settings-scorecard-save", args=[card.uid])
    body = json.dumps(_with_note(note))
    answer = admin.post(address, body, content_type="application/json")
    assert answer.status_code < 500, answer.content[:300]
    shown = admin.get(reverse("settings-scorecard", args=[card.uid]))
    assert shown.status_code == 200


TEXTS = ["\0", "a\0b", "\ud800", "9" * 5_000, "x" * 100_000, "[" * 100_000, "NaN", "1e999999", "-1"]
TEXTS += ["²", "9999-12-31", "0001-01-01", "2026-02-30", "9" * 25, "--5"]
FORMS = {
    "task-new": ["title", "body", "due_on", "account"],
    "account-new": ["name", "domain", "employees", "corporate_number", "customer_since"],
    "settings-team-new": ["name", "members"],
    "settings-user-new": ["email", "name", "role"],
    "settings-company": ["name", "currency", "time_zone", "fiscal_start_month", "exchange_rates"],
    "settings-metric-new": ["key", "name_ja", "name_en", "definition", "unit"],
    "settings-signal-new": ["key", "name_ja", "name_en", "conditions", "severity"],
    "segment-save": ["name", "query", "filter", "columns"],
}


def harmless(number: int) -> str:
    """A text as a browser would send it."""
    text = TEXTS[number % len(TEXTS)]
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")[:8_000]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_texts_that_cannot_be_kept(name: str, admin: Client) -> None:
    for number in range(len(TEXTS)):
        answer = admin.post(reverse(name), dict.fromkeys(FORMS[name], harmless(number)))
        assert answer.status_code < 500, f"{TEXTS[number][:40]!r} {answer.content[:300]!r}"


PARAMETERS = [
    *("q", "page", "sort", "filter", "f", "columns", "scope", "show", "limit", "code", "segment"),
    *("day", "as_of", "kind", "format", "before", "since", "owner", "actor", "record", "from"),
    *("to", "days", "renewal", "band", "target"),
]
LISTS = ["accounts", "accounts-export", "search", "tasks", "today", "imports", "nps"]
LISTS += ["settings-audit", "settings-jobs", "account-pick", "settings-users"]


@pytest.mark.parametrize("name", LISTS)
def test_queries_that_make_no_sense(name: str, admin: Client) -> None:
    for number, parameter in enumerate(PARAMETERS):
        # Counted through, so that in time every text meets every parameter somewhere.
        text = harmless(number + len(name))
        answer = admin.get(reverse(name), {parameter: text})
        assert answer.status_code < 500, f"{parameter}={text[:40]!r}"


def test_queries_about_an_account_that_make_no_sense(admin: Client) -> None:
    account = create_account(actor=SYSTEM, name="Acme")
    for number in range(len(TEXTS)):
        text = harmless(number)
        cursors = [text, f"2026-04-01T00:00:00+00:00_{text}", f"{text}_1"]
        asked = [("account-usage", {"days": text}), ("account-health", {"day": text})]
        asked += [("account-timeline", {"before": cursor}) for cursor in cursors]
        for page, query in asked:
            answer = admin.get(reverse(page, args=[account.uid]), query)
            assert answer.status_code < 500, f"{page} {query}"[:100]
