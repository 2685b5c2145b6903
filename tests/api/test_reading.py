"""Reading bodies: nothing that is sent brings the reader down or makes it contradict itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from banso.kit.errors import InvalidInputError
from banso.usage.rules.collect import cutting
from banso.usage.rules.collect.bodies import cut
from banso.usage.rules.collect.door import Examined, examine
from banso.usage.rules.collect.limits import KINDS, MOST_DEPTH, MOST_MESSAGE
from banso.usage.rules.collect.messages import read_message
from banso.usage.rules.collect.plain import read_plain
from banso.usage.rules.collect.values import load_message, may_hold_bad_values
from banso.usage.types import REFUSALS

NOW = datetime(2026, 4, 15, 3, 0, tzinfo=UTC)
TEXT = st.text(max_size=8)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats()
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT | st.sampled_from(["\0", "\ud800", "a\udfff", "]}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
MESSAGES = VALUES | st.fixed_dictionaries(
    {"type": st.sampled_from([*sorted(KINDS), "other"]), "userId": st.just("u") | VALUES},
    optional={
        "event": st.just("e") | VALUES,
        "messageId": TEXT | VALUES,
        "groupId": st.just("g"),
        "previousId": st.just("p"),
        "properties": VALUES,
        "context": VALUES,
    },
)


def _look(body: bytes, route: str) -> Examined | None:
    try:
        return examine(body, route, NOW)
    except InvalidInputError:
        return None


@given(st.binary(max_size=200), st.sampled_from(["track", "batch"]))
def test_any_bytes_are_answered(body: bytes, route: str) -> None:
    _look(body, route)


@given(st.lists(st.sampled_from([*b'{}[]",:\\\0e1x']), max_size=60).map(bytes))
def test_any_pile_of_marks_is_answered(marks: bytes) -> None:
    _look(b'{"batch":[' + marks + b"]}", "batch")


@given(st.lists(MESSAGES, max_size=6), st.booleans())
def test_every_message_is_taken_or_refused_by_name(messages: list[Any], ascii_only: bool) -> None:
    text = json.dumps({"batch": messages}, ensure_ascii=ascii_only)
    found = _look(text.encode("utf-8", "surrogatepass"), "batch")
    assert found is not None
    assert len(found.keys) + len(found.refused) == len(messages)
    assert {one.code for one in found.refused} <= set(REFUSALS)
    assert all(found.keys)


@given(st.lists(MESSAGES, max_size=6))
def test_what_is_taken_can_be_kept_and_read_again(messages: list[Any]) -> None:
    body = json.dumps({"batch": messages}).encode()
    found = _look(body, "batch")
    assert found is not None
    refused = {one.position for one in found.refused}
    taken = [m for i, m in enumerate(cut(body, "batch").messages) if i not in refused]
    for message in taken:
        value = msgspec.json.decode(bytes(message))
        assert b"\\u0000" not in json.dumps(value, ensure_ascii=False).encode()


@given(MESSAGES, MESSAGES)
def test_a_neighbour_changes_nothing(one: Any, other: Any) -> None:
    alone = _look(json.dumps({"batch": [one]}).encode(), "batch")
    beside = _look(json.dumps({"batch": [one, other]}).encode(), "batch")
    assert alone
    assert beside
    codes = {refusal.position: refusal.code for refusal in beside.refused}
    assert codes.get(0) == ({r.position: r.code for r in alone.refused}).get(0)


PLAIN = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page"]), "messageId": TEXT, "userId": TEXT},
    optional={"event": TEXT, "properties": VALUES, "messageid": VALUES, "x": VALUES},
)


@given(st.lists(PLAIN | MESSAGES, max_size=4), st.booleans())
def test_the_quick_way_agrees_with_the_careful_one(messages: list[Any], escape: bool) -> None:
    body = json.dumps({"batch": messages}).encode()
    body = body.replace(b"messageId", b"message\\u0049d", 1) if escape else body
    plain = None if may_hold_bad_values(body) else read_plain(body)
    if plain:
        texts = [bytes(raw) for raw in cut(body, "batch").messages]
        found = [read_message(text, "batch", careful=True).message_id for text in texts]
        assert plain.ids == found


def test_the_quick_way_is_not_deceived_about_places() -> None:
    """Keys that are hidden in some messages and repeated in another move no limit."""
    hidden = b'{"type":"page","userId":"u","message\\u0049d":"a"}'
    deep = (b'{"messageId":' + b'{"a":' * 9) * 4 + b"1" + b"}" * 40
    repeated = b'{"type":"page","userId":"u","messageId":"b","x":' + deep + b"}"
    body = b'{"batch":[' + b",".join([hidden] * 4 + [repeated]) + b"]}"
    assert [one.code for one in examine(body, "batch", NOW).refused] == ["too-deep"]


@given(VALUES)
def test_the_quick_look_at_values_misses_nothing(value: Any) -> None:
    text = json.dumps([value]).encode()
    assume(b"NaN" not in text and b"Infinity" not in text)
    if not may_hold_bad_values(text):
        assert load_message(text) == [value]


@given(VALUES, st.integers(0, 7))
def test_the_quicker_look_at_long_texts_misses_nothing(value: Any, shift: int) -> None:
    text = json.dumps(["x" * (5_000 + shift), "e123", value, "10+e123"]).encode()
    assume(b"NaN" not in text and b"Infinity" not in text)
    if not may_hold_bad_values(text):
        assert load_message(text)[2] == value


@pytest.mark.parametrize(
    "number", ["9" * 19, "-" + "9" * 25, "1e400", "1.5E+309", "123456789012345678901.5", "1e9999"]
)
@pytest.mark.parametrize("shift", range(5))
def test_a_bad_number_is_found_anywhere_in_a_long_text(number: str, shift: int) -> None:
    ids = ['{"id": "0ae123b-4567-89e012-4426e614"}', *['{"id": "0ab-123b-4567-89c"}'] * 199]
    for place in (0, 100, 200):
        parts = [*ids[:place], f'{{"{"x" * shift}": {number}}}', *ids[place:]]
        assert may_hold_bad_values(f'{{"batch": [{", ".join(parts)}]}}'.encode())
    assert not may_hold_bad_values(f'{{"batch": [{", ".join(ids)}], "s": 1e99}}'.encode())


def _batch(*messages: dict[str, Any]) -> bytes:
    usual = [
        {"type": "page", "messageId": f"m{i}", "userId": "u", "properties": {"list": [{"a": [1]}]}}
        for i in range(60)
    ]
    return json.dumps({"batch": [*usual, *messages, *usual]}).encode()


def test_messages_with_lists_go_the_quick_way() -> None:
    plain = read_plain(_batch())
    assert plain is not None
    assert len(plain.ids) == 120


def test_one_message_too_deep_or_too_large_is_found_among_many() -> None:
    nested, wide = json.loads("[" * MOST_DEPTH + "]" * MOST_DEPTH), "x" * (MOST_MESSAGE // 2)
    for code, before, after in (
        ("too-deep", nested, 1),
        ("too-deep", 1, nested),
        ("message-too-large", wide, wide),
    ):
        one = {"x": before, "type": "page", "userId": "u", "messageId": "odd", "y": after}
        found = examine(_batch(one), "batch", NOW)
        assert [(refusal.position, refusal.code) for refusal in found.refused] == [(60, code)]
        assert len(found.keys) == 120


@given(st.lists(VALUES, max_size=5))
def test_cutting_gives_back_what_was_joined(values: list[Any]) -> None:
    texts = [json.dumps(value).encode() for value in values]
    assert list(cutting.parts(b" [" + b" , ".join(texts) + b"]\n")) == texts


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_cutting_an_object_gives_its_members(members: dict[str, Any]) -> None:
    text = json.dumps(members).encode()
    found = {json.loads(b'"' + k + b'"'): v for k, v in cutting.members(text).items()}
    assert found == {name: json.dumps(value).encode() for name, value in members.items()}


@given(st.recursive(st.just(0), lambda inner: st.lists(inner, max_size=2)))
def test_depth_counts_open_brackets(value: Any) -> None:
    def levels(part: Any) -> int:
        return 1 + max(map(levels, part), default=0) if isinstance(part, list) else 0

    assert cutting.depth(json.dumps(value).encode()) == levels(value)


def test_depth_at_the_limit() -> None:
    for depth, code in ((MOST_DEPTH, None), (MOST_DEPTH + 1, "too-deep")):
        inner = b"[" * (depth - 1) + b"]" * (depth - 1)
        body = b'{"batch":[{"type":"page","userId":"u","messageId":"m","x":' + inner + b"}]}"
        found = examine(body, "batch", NOW)
        assert [one.code for one in found.refused] == ([code] if code else [])


@pytest.mark.parametrize(
    "text", [b"", b"1", b"[", b"]", b"[1", b"[1}", b"[1]x", b'["', b"[] []", b"{}}"]
)
def test_cutting_refuses_what_does_not_close(text: bytes) -> None:
    with pytest.raises(ValueError, match="brackets"):
        list(cutting.parts(text))
