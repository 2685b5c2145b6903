"""JSON from outside is read exactly, or refused with a reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.kit.errors import InvalidInputError
from banso.kit.json_text import MOST_DEPTH, read_json
from banso.kit.numbers import small_int

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e300, 1e300) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(VALUES)
def test_what_people_send_is_read_exactly(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "[Infinity]", "9" * 5_000, r'"\ud800"', r'["\u0000"]', "[" * 100_000,
     "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1), b"\xff\xfe\x00"],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidInputError) as error:
        read_json(text)
    assert error.value.code == "bad-json"


@given(st.integers(-(2**31), 2**31))
def test_a_small_whole_number_is_read(number: int) -> None:
    assert small_int(str(number)) == (number if abs(number) < 2**31 else None)


@given(st.text(max_size=12))
def test_no_text_is_a_fault(text: str) -> None:
    found = small_int(text)
    assert found is None or int(text) == found


@pytest.mark.parametrize("text", ["", "²", "１２", "--5", "1e3", "0x1", "9" * 5_000, "1_000", " "])
def test_other_writings_are_no_small_number(text: str) -> None:
    assert small_int(text) is None
