"""Pages about events: sources and their keys, code to paste, what arrives, and whose it is."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from banso.kit import clock
from banso.usage.models import (
    ArrivalMinute,
    EventSource,
    InboxBatch,
    MatchRule,
    RecentArrivals,
    RefusedMessage,
    UnmatchedParty,
)
from banso.usage.selectors.arrivals import arrivals_by_minute
from banso.usage.selectors.sources import day_of
from banso.usage.services.sources import create_source, rotate_key
from banso.usage.types import REFUSALS
from banso.web.views.sources.drawing import HEIGHT, minute_bars
from banso.web.views.sources.snippets import LANGUAGES, snippet
from banso.web.views.sources.words import REFUSALS as REFUSAL_WORDS
from banso.workspace.models import WorkerHeartbeat
from banso.workspace.types import SYSTEM
from tests.web.book import customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def source() -> EventSource:
    return create_source(actor=SYSTEM, name="Web app")


def signed_in(people: dict[str, Any], role: str = "admin") -> Client:
    client = Client()
    client.force_login(people[role])
    return client


def party(source: EventSource, key: str = "u1", **fields: Any) -> UnmatchedParty:
    now = clock.now()
    times = {"first_seen_at": now, "last_seen_at": now}
    given = {"kind": "user", "messages": 3, **times, **fields}
    return UnmatchedParty.objects.create(source=source, key=key, **given)


def test_requests_that_are_refused_whole_are_counted_too(
    source: EventSource, people: dict[str, Any]
) -> None:
    now = clock.now()
    for position in range(2):
        RefusedMessage.objects.create(
            source=source, received_at=now, position=position, route="track", code="no-event",
            body=b"{}",
        )  # fmt: skip
    # One of them came with a message that was taken, and was counted by the worker.
    ArrivalMinute.objects.create(source=source, minute=now, accepted=1, refused=1)
    assert (day_of(source).accepted, day_of(source).refused) == (1, 2)
    assert arrivals_by_minute(source, 3)["refused"] == [0, 0, 2]
    assert f"?source={source.uid}" in signed_in(people).get("/settings/sources/").text


def test_messages_keep_their_rows_while_newer_ones_come_in_above(
    source: EventSource, people: dict[str, Any]
) -> None:
    at = clock.now().isoformat()
    seen = [{"at": at, "type": "track", "name": name} for name in ("one", "two")]
    RecentArrivals.objects.create(source=source, messages=seen)

    def keys() -> list[str]:
        page = signed_in(people).get(f"/settings/sources/{source.uid}/").text
        return re.findall(r'<tr data-key="([^"]+)">', page)

    before = keys()
    assert len(set(before)) == 2
    later = (clock.now() + timedelta(seconds=1)).isoformat()
    newer = {"at": later, "type": "track", "name": "three"}
    RecentArrivals.objects.update(messages=[newer, *seen])
    assert keys()[1:] == before


def test_an_administrator_connects_a_source_and_sees_its_key(people: dict[str, Any]) -> None:
    client = signed_in(people)
    assert "No product sends events yet" in client.get("/settings/sources/").text
    client.post("/settings/sources/new/", {"name": "Web app", "creates_accounts": "on"})
    made = EventSource.objects.get()
    assert (made.creates_accounts, made.matches_domains) == (True, False)
    page = client.get(f"/settings/sources/{made.uid}/").text
    assert made.keys.get().key in page
    assert "Waiting for the first event" in page
    again = client.post("/settings/sources/new/", {"name": "web app"})
    assert "A source needs a name that no other source has." in again.text


def test_a_leader_sees_what_arrives_and_changes_no_source(
    people: dict[str, Any], source: EventSource
) -> None:
    page = signed_in(people, "leader").get(f"/settings/sources/{source.uid}/").text
    assert "Write keys" in page
    assert "data-open-dialog" not in page.split("<main")[1].split("</main>")[0]


def test_a_key_is_rotated_and_the_old_one_refused(
    people: dict[str, Any], source: EventSource
) -> None:
    client, old = signed_in(people), source.keys.get()
    client.post(f"/settings/sources/{source.uid}/rotate/")
    page = client.get(f"/settings/sources/{source.uid}/").text
    assert "holds until" in page
    client.post(f"/settings/sources/{source.uid}/retire/", {"key": old.pk})
    assert old.key not in client.get(f"/settings/sources/{source.uid}/").text
    foreign = create_source(actor=SYSTEM, name="Other").keys.get()
    answer = client.post(f"/settings/sources/{source.uid}/retire/", {"key": foreign.pk})
    assert answer.status_code == 404


def test_a_source_is_switched_off_and_says_so(people: dict[str, Any], source: EventSource) -> None:
    client = signed_in(people)
    page = client.post(f"/settings/sources/{source.uid}/switch/", {"on": "no"}, follow=True).text
    assert "refused with 403" in page
    assert "Send a test event" not in page
    client.post(f"/settings/sources/{source.uid}/switch/", {"on": "yes"})
    assert EventSource.objects.get().is_enabled


@pytest.mark.parametrize("language", [key for key, _label in LANGUAGES])
def test_code_in_every_language_names_this_installation_and_key(language: str) -> None:
    found = snippet(language, "https://banso.example:8443", "k-1_x")
    assert found.key == language
    assert "k-1_x" in found.code
    assert "banso.example" in found.code
    assert "8443" in found.code
    assert not re.search(r"\{\{|\{%|&quot;|&#x27;", found.code)
    assert not found.is_shut_out


def test_code_says_where_it_does_not_work() -> None:
    assert snippet("ruby", "http://banso.example", "k").is_shut_out
    assert 'protocol: "http"' in snippet("javascript", "http://banso.example", "k").code
    assert '"ssl" => false' in snippet("php", "http://banso.example", "k").code
    assert snippet("cobol", "http://banso.example", "k").key == "javascript"


def test_curl_posts_json(source: EventSource) -> None:
    code = snippet("curl", "http://banso.example", "k").code
    body = json.loads(re.search(r"-d '(.*)'", code, re.DOTALL).group(1))  # type: ignore[union-attr]
    assert [one["type"] for one in body["batch"]] == ["identify", "group", "track"]


def test_the_first_event_is_celebrated_with_its_account(
    people: dict[str, Any], source: EventSource
) -> None:
    account, now = customer("Aoba Kensetsu"), clock.now()
    EventSource.objects.update(first_event_at=now, last_event_at=now)
    message = {"at": now.isoformat(), "type": "track", "name": "Report Exported", "user": "u1",
               "group": "", "outcome": "accepted", "account_id": account.pk}  # fmt: skip
    RecentArrivals.objects.create(source=source, messages=[message])
    ArrivalMinute.objects.create(source=source, minute=now, accepted=5, refused=2)
    client = signed_in(people)
    page = client.get(f"/settings/sources/{source.uid}/").text
    assert "The first event has been received" in page
    assert "“Report Exported” has come in and belongs to" in page
    assert f"/accounts/{account.uid}/" in page
    EventSource.objects.update(first_event_at=now - timedelta(hours=2))
    assert "The first event" not in client.get(f"/settings/sources/{source.uid}/").text


@pytest.mark.parametrize(
    ("age", "working", "tone"),
    [(1, True, "healthy"), (11, True, "caution"), (61, True, "danger"), (0, False, "danger")],
)
def test_waiting_events_turn_amber_and_red(
    people: dict[str, Any], source: EventSource, age: int, working: bool, tone: str
) -> None:
    now = clock.now()
    InboxBatch.objects.create(
        source=source, route="track", received_at=now - timedelta(seconds=age), body=b"{}",
        messages=7,
    )  # fmt: skip
    if working:
        WorkerHeartbeat.objects.create(worker_id="w", started_at=now, seen_at=now)
    for path in ("/settings/sources/", f"/settings/sources/{source.uid}/", "/settings/jobs/"):
        page = signed_in(people).get(path).text
        assert f'data-live-quiet data-tone="{tone}"' in page
        assert "<dd>7</dd>" in page


def test_bars_are_as_high_as_their_share_of_the_busiest_minute() -> None:
    figures = {"accepted": [10, 5], "duplicates": [0, 0], "held": [10, 0], "refused": [0, 0]}
    bars = minute_bars(figures)
    heights = [(one["x"], float(one["height"]), one["outcome"]) for one in bars["rectangles"]]
    assert heights == [
        (0, HEIGHT / 2, "accepted"),
        (0, HEIGHT / 2, "held"),
        (10, HEIGHT / 4, "accepted"),
    ]
    none = {name: [0] * 30 for name in figures}
    assert minute_bars(none)["rectangles"] == []


def test_every_refusal_is_explained() -> None:
    assert REFUSAL_WORDS.keys() == REFUSALS.keys()


def test_refused_messages_are_shown_by_reason(people: dict[str, Any], source: EventSource) -> None:
    client = signed_in(people, "leader")
    assert "No message has been refused" in client.get("/settings/sources/refused/").text
    for code, text in (("no-event", b'{"userId":"u1"}'), ("nobody", b'{"event":"<b>"}')):
        RefusedMessage.objects.create(
            source=source, received_at=clock.now(), position=0, route="track", code=code, body=text
        )
    page = client.get("/settings/sources/refused/").text
    assert "A track message does not name its event." in page
    assert "&lt;b&gt;" in page
    page = client.get("/settings/sources/refused/?code=no-event").text
    assert "Give the event a name" in page
    assert "&lt;b&gt;" not in page
    client.post("/settings/sources/refused/act/", {"code": "nobody", "do": "discard"})
    (left,) = RefusedMessage.objects.all()
    answer = client.post(
        "/settings/sources/refused/act/", {"uid": left.uid, "do": "replay"}, follow=True
    )
    assert "still refused" in answer.text
    assert client.post("/settings/sources/refused/act/", {"uid": "x"}).status_code == 400


def test_a_sender_is_matched_to_the_account_that_is_suggested(
    people: dict[str, Any], source: EventSource
) -> None:
    account = customer("Aoba Kensetsu", domain="aoba.example")
    waiting = party(source, email="ito@aoba.example", sample={"event": "<i>"})
    client = signed_in(people, "leader")
    page = client.get("/settings/sources/unmatched/").text
    assert "Aoba Kensetsu" in page
    assert "same mail domain" in page
    assert "&lt;i&gt;" in client.get(f"/settings/sources/unmatched/{waiting.uid}/").text
    address = f"/settings/sources/unmatched/{waiting.uid}/match/"
    assert client.post(address, {"account": "Nobody"}).status_code == 400
    client.post(address, {"account_uid": account.uid})
    rule = MatchRule.objects.get()
    assert (rule.account_id, rule.kind, rule.key) == (account.pk, "user", "u1")
    client.post(f"/settings/sources/rules/{rule.uid}/take-back/")
    assert not MatchRule.objects.exists()


def test_a_domain_is_matched_by_the_name_of_an_account(
    people: dict[str, Any], source: EventSource
) -> None:
    account = customer("Aoba Kensetsu")
    for number in range(2):
        party(source, f"u{number}", email=f"{number}@hooli.example")
    client = signed_in(people, "leader")
    assert "hooli.example" in client.get("/settings/sources/unmatched/").text
    address = f"/settings/sources/{source.uid}/domain/?domain=hooli.example"
    assert "Choose an account from the list." in client.post(address, {"account": "?"}).text
    client.post(address, {"account": "Aoba Kensetsu"})
    rule = MatchRule.objects.get()
    assert (rule.account_id, rule.kind, rule.key) == (account.pk, "domain", "hooli.example")


def test_an_ignored_sender_is_listed_apart(people: dict[str, Any], source: EventSource) -> None:
    waiting = party(source, "robot")
    client = signed_in(people, "leader")
    client.post(f"/settings/sources/unmatched/{waiting.uid}/ignore/", {"ignore": "yes"})
    client.get("/today/")
    assert "robot" not in client.get("/settings/sources/unmatched/").text
    assert "robot" in client.get("/settings/sources/unmatched/?ignored=yes").text


def test_keys_that_hold_are_counted(people: dict[str, Any], source: EventSource) -> None:
    rotate_key(actor=SYSTEM, source=source)
    assert (
        '<td class="num" data-label="Keys">2</td>'
        in signed_in(people).get("/settings/sources/").text
    )
