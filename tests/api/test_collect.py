"""The collection API as its senders see it."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from banso.api.collect.app import Collector
from banso.api.collect.keys import Keys
from banso.kit import clock
from banso.usage.models import EventSource, InboxBatch, RefusedMessage, WriteKey
from banso.usage.selectors.write_keys import write_keys
from banso.usage.types import REFUSALS
from banso.workspace.models import Bulletin
from tests.api.client import ask_now, basic
from tests.api.conftest import KEY, KeepAtOnce, Post, read_keys
from tests.api.messages import batch, track

BIG = 500 * 1024


def test_a_batch_is_kept_byte_for_byte_before_it_is_answered(
    post: Post, source: EventSource
) -> None:
    body = gzip.compress(json.dumps(batch(track(), track())).encode())
    reply = post("batch", body, content_encoding="gzip")
    assert reply.status == 200
    assert reply.json == {"success": True, "accepted": 2, "duplicates": 0, "rejected": []}
    kept = InboxBatch.objects.get()
    assert (bytes(kept.body), kept.is_gzip, kept.messages) == (body, True, 2)
    assert (kept.source_id, kept.route, kept.refused) == (source.pk, "batch", [])
    assert kept.received_at == clock.now()


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ("track", {"event": "Signed In", "userId": "u"}),
        ("t", {"type": "track", "event": "Signed In", "anonymousId": "a"}),
        ("identify", {"userId": "u", "traits": {"email": "a@b.example"}}),
        ("i", {"type": "identify", "userId": "u", "traits": None}),
        ("group", {"groupId": "g", "userId": "u"}),
        ("g", {"groupId": "g", "traits": {"name": "G"}}),
        ("page", {"userId": "u", "name": "Home"}),
        ("p", {"anonymousId": "a", "properties": {"path": "/"}}),
        ("screen", {"userId": "u", "name": "Main"}),
        ("s", {"userId": "u"}),
        ("alias", {"previousId": "a", "userId": "u"}),
        ("a", {"previousId": "a", "userId": "u", "type": "alias"}),
        ("batch", {"batch": [{"type": "track", "event": "E", "userId": "u"}]}),
        ("b", {"batch": [{"type": "track", "event": "E", "userId": "u"}]}),
        ("import", {"batch": [{"type": "track", "event": "E", "userId": "u"}]}),
        ("track/", {"event": "Signed In", "userId": "u"}),
    ],
)
def test_every_route_that_clients_call(post: Post, route: str, message: dict[str, Any]) -> None:
    assert post(route, message).json["accepted"] == 1
    long = {"t": "track", "i": "identify", "g": "group", "p": "page", "s": "screen", "a": "alias"}
    long |= {"b": "batch", "import": "batch", "track/": "track"}
    assert InboxBatch.objects.get().route == long.get(route, route)


@pytest.mark.parametrize("where", ["header", "batch", "message"])
def test_the_key_may_stand_in_the_header_or_in_the_body(post: Post, where: str) -> None:
    if where == "header":
        reply = post("batch", batch(track()))
    elif where == "batch":
        reply = post("batch", batch(track(), writeKey=KEY), key="")
    else:
        reply = post("t", track(writeKey=KEY), key="", content_type="text/plain;charset=UTF-8")
    assert reply.status == 200


@pytest.mark.parametrize("key", ["", "wrong", "key with spaces", "ключ"])
def test_without_a_known_key_nothing_is_taken(post: Post, key: str) -> None:
    reply = post("track", track(), key=key)
    assert (reply.status, reply.code) == (401, "unknown-key" if key else "no-key")
    assert not InboxBatch.objects.exists()
    # Browsers would ask people for a password.
    assert "www-authenticate" not in reply.headers


@pytest.mark.parametrize("value", ["Basic", "Basic ???", "Bearer x", "Basic //79/A=="])
def test_a_header_that_is_no_basic_authorization_shows_no_key(post: Post, value: str) -> None:
    assert post("track", track(), key="", authorization=value).code == "no-key"


def test_a_retired_key_is_refused_from_its_moment_on(source: EventSource) -> None:
    WriteKey.objects.update(retired_at=clock.now() + timedelta(days=7))
    assert write_keys() == {KEY: (source.pk, True)}
    with clock.at(clock.now() + timedelta(days=7)):
        assert write_keys() == {}


def test_a_disabled_source_is_told_so(post: Post, source: EventSource) -> None:
    EventSource.objects.update(is_enabled=False)
    reply = post("track", track())
    assert (reply.status, reply.code) == (403, "source-disabled")


def test_other_methods_and_addresses(collector: Collector) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        reply = ask_now(collector, "/v1/track", method=method)
        assert (reply.status, reply.headers["allow"]) == (405, "POST, OPTIONS")
    for path in ("/v1/", "/v1/nothing", "/v1/track/more", "/v1/projects//settings"):
        assert ask_now(collector, path).status == 404
    assert ask_now(collector, "/v1/m", b"{}").json == {"success": True}


def test_browsers_may_send_from_anywhere(collector: Collector, post: Post) -> None:
    asked = ask_now(collector, "/v1/t", method="OPTIONS", headers={"origin": "https://a.example"})
    assert (asked.status, asked.body) == (204, b"")
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "authorization" in asked.headers["access-control-allow-headers"]
    assert int(asked.headers["access-control-max-age"]) > 0
    for reply in (post("t", track()), post("t", b"{"), post("t", track(), key="wrong")):
        assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("text/plain", 200),
        ("text/plain;charset=UTF-8", 200),
        ("", 200),
        ("application/x-www-form-urlencoded", 415),
        ("text/html", 415),
        ("multipart/form-data; boundary=x", 415),
    ],
)
def test_content_types(post: Post, kind: str, status: int) -> None:
    assert post("track", track(), content_type=kind).status == status


def test_content_encodings(post: Post) -> None:
    body = json.dumps(track()).encode()
    assert post("track", body, content_encoding="identity").status == 200
    assert post("track", body, content_encoding="br").code == "wrong-encoding"
    packed = gzip.compress(body)
    for broken in (body, packed[:-4], packed + b"more", b""):
        reply = post("track", broken, content_encoding="gzip")
        assert (reply.status, reply.code) == (400, "bad-gzip")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad-json"),
        (b"{", "bad-json"),
        (b"not json", "bad-json"),
        (b"[]", "bad-json"),
        (b"{}", "no-batch"),
        (b'{"batch": 5}', "no-batch"),
        (b'{"batch": {}}', "no-batch"),
        (b'{"batch": null}', "no-batch"),
        (b'{"batch": [{"a" 1}]}', "bad-json"),
        (b'{"batch": [1 2]}', "bad-json"),
        (b'{"batch": [1],}', "bad-json"),
        (b'{"batch": [' + b'"\\"' * 1000, "bad-json"),
    ],
)
def test_a_body_that_nobody_can_read_is_only_answered(post: Post, body: bytes, code: str) -> None:
    reply = post("batch", body)
    assert (reply.status, reply.code) == (400, code)
    assert reply.json["error"]["message"]
    assert reply.json["error"]["remedy"]
    assert not InboxBatch.objects.exists()
    assert not RefusedMessage.objects.exists()


def test_an_empty_batch_is_good_and_leaves_nothing(post: Post) -> None:
    assert post("batch", {"batch": []}).json["accepted"] == 0
    assert not InboxBatch.objects.exists()


def test_bodies_up_to_the_limit_and_not_beyond(post: Post, collector: Collector) -> None:
    filler = [track(properties={"p": "x" * 30_000}) for _ in range(16)]
    room = BIG - len(json.dumps(batch(*filler, track(event=""))))
    whole = json.dumps(batch(*filler, track(event="e" * room))).encode()
    assert len(whole) == BIG
    assert post("batch", whole).status == 200
    for pieces in (whole + b" ", [whole, b" "]):
        assert post("batch", pieces).code == "body-too-large"
    assert post("batch", gzip.compress(whole), content_encoding="gzip").status == 200
    packed = gzip.compress(whole + b" ")
    assert post("batch", packed, content_encoding="gzip").status == 413
    said = {"authorization": basic(KEY), "content-length": str(10_000_000)}
    assert ask_now(collector, "/v1/batch", b"", headers=said).status == 413


def test_messages_up_to_the_limit_and_not_beyond(post: Post) -> None:
    small = {"type": "track", "event": "e", "userId": "u"}
    assert post("batch", {"batch": [small] * 2_500}).json["accepted"] == 2_500
    reply = post("batch", {"batch": [small] * 2_501})
    assert (reply.status, reply.code) == (400, "too-many-messages")


BAD_VALUES = [
    (b"NaN", "not-finite"),
    (b"Infinity", "not-finite"),
    (b"-Infinity", "not-finite"),
    (b"1e999", "not-finite"),
    (b"-1E+400", "not-finite"),
    (b"9223372036854775808", "number-too-large"),
    (b"-9223372036854775808", "number-too-large"),
    (b"1" * 5_000, "number-too-large"),
    (b'"a\\u0000b"', "nul-character"),
    (b'"a\x00b"', "nul-character"),
    (b'{"\\u0000": 1}', "nul-character"),
    (b'"\\ud800"', "half-character"),
    (b'"\\udc00 \\ud800x"', "half-character"),
    (b'"\xff"', "half-character"),
    (b'"\xed\xa0\x80"', "half-character"),
    (b"[" * 40 + b"]" * 40, "too-deep"),
    (b'{"a":' * 40 + b"1" + b"}" * 40, "too-deep"),
    (b"[" * 10_000 + b"]" * 10_000, "too-deep"),
]


@pytest.mark.parametrize(("value", "code"), BAD_VALUES)
def test_one_bad_value_refuses_one_message(post: Post, value: bytes, code: str) -> None:
    good, bad = json.dumps(track()).encode(), json.dumps(track(messageId="bad", x=0)).encode()
    bad = bad.replace(b'"x": 0', b'"x": ' + value)
    whole = b'{"batch": [' + b", ".join([good, bad, good]) + b'], "writeKey": "k"}'
    reply = post("batch", whole)
    assert reply.status == 200
    refused = reply.json["rejected"]
    assert [(one["index"], one["code"]) for one in refused] == [(1, code)]
    assert refused[0]["messageId"] in {"bad", ""}
    assert code in REFUSALS
    assert reply.json["accepted"] == 2
    assert InboxBatch.objects.get().refused == [1]
    kept = RefusedMessage.objects.get()
    assert (bytes(kept.body), kept.code, kept.position) == (bad, code, 1)


@pytest.mark.parametrize(
    "value",
    [
        b"9223372036854775807",
        b"-9223372036854775807",
        b"1e308",
        b"1e-999",
        b"[" * 31 + b"]" * 31,
        b'"' + b"[{" * 100 + b'"',
        b'"\\ud83d\\ude00 \\\\u0000"',
        "\"日本語 😀 'x'\"".encode(),
        b"[[1, [2, null]], []]",
    ],
)
def test_values_that_only_look_bad(post: Post, value: bytes) -> None:
    text = json.dumps(batch(track(x=0))).encode().replace(b'"x": 0', b'"x": ' + value)
    assert post("batch", text).json["accepted"] == 1


BAD_MESSAGES: list[tuple[Any, str]] = [
    (5, "not-an-object"),
    ("text", "not-an-object"),
    (None, "not-an-object"),
    ([], "not-an-object"),
    ({"userId": "u", "event": "e"}, "unknown-type"),
    (track(type="delete"), "unknown-type"),
    (track(type="batch"), "unknown-type"),
    (track(type=5), "wrong-type"),
    (track(event=None), "no-event"),
    (track(event=""), "no-event"),
    (track(event="  "), "no-event"),
    (track(event=5), "wrong-type"),
    (track(userId=None), "nobody"),
    (track(userId=""), "nobody"),
    (track(userId=" "), "nobody"),
    (track(userId={"id": 1}), "wrong-type"),
    (track(userId=True), "wrong-type"),
    (track(userId=["u"]), "wrong-type"),
    (track(properties="text"), "wrong-type"),
    (track(properties=[1]), "wrong-type"),
    (track(context="text"), "wrong-type"),
    (track(messageId="m" * 100), "message-id-too-long"),
    (track(messageId=["m"]), "wrong-type"),
    (track(properties={"p": "x" * 32_768}), "message-too-large"),
    ({"type": "group", "userId": "u"}, "no-group"),
    ({"type": "alias", "userId": "u"}, "no-alias"),
    ({"type": "alias", "previousId": "u"}, "no-alias"),
    ({"type": "identify", "traits": {}}, "nobody"),
]


@pytest.mark.parametrize(("message", "code"), BAD_MESSAGES)
def test_what_a_message_lacks_refuses_it(post: Post, message: Any, code: str) -> None:
    reply = post("batch", batch(message, track()))
    assert [one["code"] for one in reply.json["rejected"]] == [code]
    assert reply.json["accepted"] == 1
    assert RefusedMessage.objects.get().sent_at == "2026-04-15T03:00:00.000Z"


def test_when_all_are_refused_the_answer_is_400_and_all_are_kept(post: Post) -> None:
    reply = post("batch", batch(track(event=""), {"type": "x"}))
    assert (reply.status, reply.code) == (400, "all-rejected")
    assert [one["index"] for one in reply.json["rejected"]] == [0, 1]
    assert not InboxBatch.objects.exists()
    assert RefusedMessage.objects.count() == 2
    # No worker ever sees them, so that open pages are told at once.
    assert Bulletin.objects.get().ids == [RefusedMessage.objects.first().source_id]


@pytest.mark.parametrize(
    "more",
    [
        {"messageId": None},
        {"messageId": 12},
        {"userId": 42},
        {"timestamp": 1_776_222_000},
        {"timestamp": 1_776_222_000_123},
        {"timestamp": "1776222000"},
        {"timestamp": "2026-04-15 02:59:00"},
        {"timestamp": None},
        {"properties": None},
        {"properties": []},
        {"context": None},
        {"context": []},
        {"traits": None},
        {"properties": {"items": [[1, 2], [{"a": [None]}]]}},
        {"integrations": False, "channel": "server", "version": 2},
        {"userId": None, "user_id": "old"},
        {"type": None, "action": "track"},
        {"userId": None, "context": {"groupId": "acme"}},
    ],
)
def test_the_ways_of_old_senders(post: Post, more: dict[str, Any]) -> None:
    assert post("batch", batch(track(**more))).json["accepted"] == 1


def test_a_message_without_id_gets_the_same_one_when_the_body_is_sent_again(post: Post) -> None:
    message = {k: v for k, v in track().items() if k != "messageId"}
    assert post("batch", batch(message, message)).json["duplicates"] == 0
    assert post("batch", batch(message, message)).json["duplicates"] == 2
    assert post("batch", batch(message, message, sentAt="2026-04-15")).json["duplicates"] == 0


def test_a_message_without_id_and_time_repeats_itself_only_within_a_minute(post: Post) -> None:
    message = {"event": "Signed In", "userId": "u"}
    now = clock.now()
    assert post("track", message).json["duplicates"] == 0
    assert post("track", message).json["duplicates"] == 1
    with clock.at(now + timedelta(minutes=1)):
        assert post("track", message).json["duplicates"] == 0


def test_repeats_are_told_and_kept_all_the_same(post: Post) -> None:
    one, two = track(), track()
    assert post("batch", batch(one, one, two)).json["duplicates"] == 1
    assert post("batch", batch(two, track())).json["duplicates"] == 1
    assert [kept.messages for kept in InboxBatch.objects.all()] == [3, 2]


@pytest.mark.slow
def test_all_payloads_of_the_published_protocol(post: Post, shared_data: Path) -> None:
    path = shared_data / "segment_spec_payloads" / "payloads.json"
    payloads = [one["payload"] for one in json.loads(path.read_text())]
    # Three examples leave out what all messages have in common, as the text beside them says.
    whole = [
        {"anonymousId": "a", **payload}
        if payload.get("type") in {"track", "page", "screen"}
        else payload
        for payload in payloads
    ]
    reply = post("batch", {"batch": whole})
    assert reply.json["rejected"] == []
    assert reply.json["accepted"] == 32


def test_a_full_disk_is_told_before_anything_is_read(source: EventSource) -> None:
    full = Collector(Keys(read_keys), KeepAtOnce(), lambda: False)  # type: ignore[arg-type]
    reply = ask_now(full, "/v1/track", b"{", headers={"authorization": basic(KEY)})
    assert (reply.status, reply.code) == (503, "disk-full")
    assert 0 < int(reply.headers["retry-after"]) <= 60


def test_the_browser_client_is_told_to_send_here(collector: Collector) -> None:
    reply = ask_now(
        collector,
        f"/v1/projects/{KEY}/settings",
        method="GET",
        headers={"host": "localhost:8100"},
    )
    told = reply.json["integrations"]["Segment.io"]
    assert told == {"apiKey": KEY, "apiHost": "localhost:8100/v1", "protocol": "http"}
    assert list(reply.json["integrations"]) == ["Segment.io"]
    assert reply.headers["access-control-allow-origin"] == "*"
    address = "/v1/projects/{}/settings"
    unknown = ask_now(collector, address.format("x"), method="GET", headers={"host": "localhost"})
    assert unknown.code == "unknown-key"
    foreign = ask_now(collector, address.format(KEY), method="GET", headers={"host": "a.example"})
    assert foreign.code == "unknown-host"
