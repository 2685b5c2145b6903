"""Filters as people build and save them: read exactly, refused with a place and a reason."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.health.rules.query import (
    ALL,
    CHANGE_DAYS,
    OPERATORS,
    Condition,
    FieldForm,
    FieldKind,
    Group,
    Node,
    to_dict,
)
from banso.health.rules.query_reading import parse
from banso.kit.errors import InvalidInputError

FORMS = {kind.value: FieldForm(kind, has_earlier=kind is FieldKind.NUMBER) for kind in FieldKind}
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1,
                max_size=20)  # fmt: skip
numbers = st.floats(-1e9, 1e9)
dates = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def values(kind: FieldKind, op: str) -> st.SearchStrategy[Any]:
    """A value that fits the kind and the operator."""
    one = {FieldKind.DATE: dates, FieldKind.FLAG: st.booleans()}.get(kind)
    if one is None:
        one = texts if "contains" in OPERATORS[kind] or "not_in" in OPERATORS[kind] else numbers
    if kind in (FieldKind.OWNER, FieldKind.SIGNAL):
        one = texts
    match op:
        case "empty" | "not_empty":
            return st.none()
        case "between":
            return st.tuples(one, one).map(lambda pair: tuple(sorted(pair)))
        case "in" | "not_in":
            return st.lists(texts, min_size=1, max_size=4).map(tuple)
        case "last_days" | "next_days":
            return st.integers(1, 3660)
    return one


conditions = st.sampled_from(list(FieldKind)).flatmap(
    lambda kind: st.sampled_from(OPERATORS[kind]).flatmap(
        lambda op: values(kind, op).map(lambda value: Condition(kind.value, op, value))
    )
)
changes = st.builds(
    Condition,
    st.just("number"),
    st.just("changed"),
    st.floats(-100, 300).filter(bool),
    st.sampled_from(CHANGE_DAYS),
)
nodes: st.SearchStrategy[Node] = st.recursive(
    conditions | changes,
    lambda inner: st.builds(
        Group, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=8,
)


def depth(node: Node) -> int:
    return 1 + max(map(depth, node.items)) if isinstance(node, Group) else 0


@given(nodes)
def test_a_query_comes_back_from_json_as_it_was(node: Node) -> None:
    root = node if isinstance(node, Group) else Group("and", (node,))
    if depth(root) <= 5:
        assert parse(json.loads(json.dumps(to_dict(root))), FORMS) == root


@pytest.mark.parametrize("data", [{"or": []}, {"and": [{"or": []}]}, {"or": [{"and": []}]}])
def test_groups_without_conditions_come_back(data: Any) -> None:
    found = parse(data, FORMS)
    assert parse(to_dict(found), FORMS) == found


@given(st.recursive(st.none() | st.booleans() | numbers | texts,
       lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
           st.sampled_from(["and", "or", "field", "op", "value", "days", "x"]), inner, max_size=4),
       max_leaves=12))  # fmt: skip
def test_anything_else_is_read_or_refused_but_never_breaks(data: Any) -> None:
    try:
        found = parse(data, FORMS)
    except InvalidInputError:
        return
    assert parse(to_dict(found), FORMS) == found


def test_nothing_means_everything() -> None:
    assert parse({}, FORMS) == parse(None, FORMS) == ALL
    assert to_dict(ALL) == {}


def test_a_single_condition_needs_no_group() -> None:
    found = parse({"field": "text", "op": "contains", "value": "製作所"}, FORMS)
    assert found == Group("and", (Condition("text", "contains", "製作所"),))


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ({"field": "nothing", "op": "is", "value": "x"}, "and[0].field"),
        ({"field": "text", "op": "gte", "value": "x"}, "and[0].op"),
        ({"field": "text", "op": "is", "value": ""}, "and[0].value"),
        ({"field": "text", "op": "is", "value": "a\0b"}, "and[0].value"),
        ({"field": "number", "op": "gte", "value": "many"}, "and[0].value"),
        ({"field": "number", "op": "gte", "value": "nan"}, "and[0].value"),
        ({"field": "number", "op": "between", "value": [5, 1]}, "and[0].value"),
        ({"field": "date", "op": "on", "value": "2024-02-30"}, "and[0].value"),
        ({"field": "date", "op": "next_days", "value": 0}, "and[0].value"),
        ({"field": "flag", "op": "is", "value": "yes"}, "and[0].value"),
        ({"field": "choice", "op": "in", "value": []}, "and[0].value"),
        ({"field": "number", "op": "changed", "value": -10, "days": 29}, "and[0].days"),
        ({"field": "number", "op": "changed", "value": 0, "days": 7}, "and[0].value"),
        ({"field": "points", "op": "changed", "value": 5, "days": 7}, "and[0].op"),
        ({"field": "text", "op": "is", "value": "x", "extra": 1}, "and[0].extra"),
        ("text", "and[0]"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(condition: Any, place: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        parse({"and": [condition]}, FORMS)
    assert list(error.value.fields) == [place]


def test_all_problems_are_found_in_one_go() -> None:
    bad = {"field": "nothing", "op": "is", "value": "x"}
    with pytest.raises(InvalidInputError) as error:
        parse({"or": [bad, {"and": [bad]}]}, FORMS)
    assert list(error.value.fields) == ["or[0].field", "or[1].and[0].field"]


def test_there_is_an_end_to_nesting_and_to_length() -> None:
    leaf: Any = {"field": "text", "op": "is", "value": "x"}
    deep = leaf
    for _ in range(6):
        deep = {"and": [deep]}
    with pytest.raises(InvalidInputError, match="five deep"):
        parse(deep, FORMS)
    with pytest.raises(InvalidInputError, match="fifty"):
        parse({"or": [leaf] * 51}, FORMS)
