"""A metric is JSON; whatever is wrong with it is said with the place where it stands."""

from __future__ import annotations

import pytest

from banso.engine.datasets import USAGE_DATASETS, DatasetSpec
from banso.engine.definitions import to_dict
from banso.engine.parsing import parse
from banso.engine.planning import resolve
from banso.engine.validation import validate
from banso.kit.errors import InvalidInputError

DATASETS = {
    **USAGE_DATASETS,
    "terms": DatasetSpec("terms", "interval", {"seats": "int", "end_day": "day", "plan": "text"}),
}
COUNT = {"kind": "window", "dataset": "feature_days", "aggregation": "count", "window": 28}
SUM = COUNT | {"aggregation": "sum", "column": "events"}
SEATS = {"kind": "state", "dataset": "terms", "aggregation": "sum", "column": "seats"}


def filtered(**filter_):
    return COUNT | {"filters": [filter_]}


@pytest.mark.parametrize(
    "data",
    [
        COUNT,
        SUM | {"offset": 28, "filters": [{"column": "feature", "op": "in", "value": ["a", "b"]}]},
        COUNT | {"window": None},
        SEATS | {"filters": [{"column": "end_day", "op": "gte", "value": "2026-01-01"}]},
        {"kind": "ratio", "numerator": COUNT, "denominator": SEATS, "scale": 100},
        {"kind": "change", "of": COUNT, "days": 28, "mode": "absolute"},
        {"kind": "greatest", "of": [COUNT, {"kind": "change", "of": SUM, "days": 7}]},
    ],
)
def test_definitions_survive_the_way_to_json_and_back(data):
    definition = parse(data)
    assert parse(to_dict(definition)) == definition
    validate(definition, {}, DATASETS)


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        ([], "definition", "JSON object"),
        ({}, "kind", "missing"),
        ({"kind": "median"}, "kind", "'median' is not known"),
        (COUNT | {"colour": "red"}, "colour", "no such entry"),
        (COUNT | {"dataset": ""}, "dataset", "a name is needed"),
        (COUNT | {"aggregation": "guess"}, "aggregation", "not known"),
        (COUNT | {"window": 0}, "window", "outside 1 to 3660"),
        (COUNT | {"window": 3661}, "window", "outside 1 to 3660"),
        (COUNT | {"window": 7.5}, "window", "whole number"),
        (COUNT | {"window": True}, "window", "whole number"),
        (COUNT | {"offset": -1}, "offset", "outside 0"),
        (COUNT | {"filters": {}}, "filters", "a list"),
        (COUNT | {"filters": ["x"]}, "filters[0]", "JSON object"),
        (filtered(column="feature", op="like", value="x"), "filters[0].op", "not known"),
        (filtered(column="feature", op="in", value="x"), "filters[0].value", "needs a list"),
        (filtered(column="feature", op="in", value=[]), "filters[0].value", "at least one"),
        (filtered(column="feature", op="in", value=["a", None]), "filters[0].value[1]", "text or"),
        (filtered(column="events", op="gt", value=float("nan")), "filters[0].value", "nan"),
        ({"kind": "ratio", "numerator": COUNT}, "denominator", "is needed"),
        (
            {"kind": "ratio", "numerator": COUNT, "denominator": COUNT | {"window": 0}},
            "denominator.window",
            "outside",
        ),
        ({"kind": "change", "of": COUNT, "days": 0}, "days", "outside 1"),
        ({"kind": "change", "of": COUNT, "days": 7, "mode": "log"}, "mode", "not known"),
        ({"kind": "change", "of": COUNT, "days": 7, "scale": 0}, "scale", "cannot scale"),
        ({"kind": "greatest", "of": []}, "of", "at least one"),
        ({"kind": "greatest", "of": [COUNT, 3]}, "of[1]", "is needed"),
    ],
)
def test_what_cannot_be_read_names_its_place(data, place, problem):
    with pytest.raises(InvalidInputError, match=problem.replace("[", "\\[")) as caught:
        parse(data)
    assert list(caught.value.fields) == [place]


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        (COUNT | {"dataset": "ghosts"}, "dataset", "no dataset “ghosts”"),
        (COUNT | {"dataset": "terms"}, "dataset", "needs event rows"),
        (SEATS | {"dataset": "feature_days"}, "dataset", "needs interval rows"),
        (COUNT | {"column": "events"}, "column", "takes no column"),
        (COUNT | {"aggregation": "sum"}, "column", "needs a column"),
        (SUM | {"column": "ghost"}, "column", "has no column “ghost”"),
        (SUM | {"column": "feature"}, "column", "float / int, not text"),
        (SEATS | {"aggregation": "days_until"}, "column", "of day, not int"),
        (SUM | {"aggregation": "slope", "window": 1}, "window", "at least 2 days"),
        (SUM | {"aggregation": "slope", "window": None}, "window", "at least 2 days"),
        (filtered(column="ghost", op="eq", value=1), "filters[0].column", "has no column"),
        (filtered(column="feature", op="gt", value="a"), "filters[0].op", "text column"),
        (filtered(column="events", op="eq", value="a"), "filters[0].value", "int column"),
        (filtered(column="feature", op="in", value=[1]), "filters[0].value", "text column"),
        (filtered(column="day", op="gt", value="2026-02-30"), "filters[0].value", "day column"),
        (
            {"kind": "greatest", "of": [COUNT, SUM | {"column": "ghost"}]},
            "of[1].column",
            "has no column",
        ),
    ],
)
def test_what_does_not_fit_the_datasets_names_its_place(data, place, problem):
    with pytest.raises(InvalidInputError, match=problem) as caught:
        validate(parse(data), {}, DATASETS)
    assert list(caught.value.fields) == [place]


def test_all_problems_of_a_definition_are_told_at_once():
    data = {"kind": "ratio", "numerator": SUM | {"column": "x"}, "denominator": {**COUNT,
            "dataset": "y"}}  # fmt: skip
    with pytest.raises(InvalidInputError) as caught:
        validate(parse(data), {}, DATASETS)
    assert list(caught.value.fields) == ["numerator.column", "denominator.dataset"]


def test_references_that_go_in_a_circle_are_refused():
    catalogue = {
        "a": parse({"kind": "ratio", "numerator": "b", "denominator": COUNT}),
        "b": parse({"kind": "change", "of": "c", "days": 7}),
        "c": parse({"kind": "greatest", "of": [COUNT, "a"]}),
    }
    with pytest.raises(InvalidInputError, match="a → b → c → a") as caught:
        resolve(catalogue, "a")
    assert list(caught.value.fields) == ["numerator.of.of[1]"]


def test_a_definition_may_not_refer_to_the_key_it_is_to_be_kept_under():
    with pytest.raises(InvalidInputError, match="circle"):
        validate(parse({"kind": "change", "of": "me", "days": 7}), {}, DATASETS, key="me")


def test_an_unknown_reference_and_an_unfit_key_are_refused():
    with pytest.raises(InvalidInputError, match="no metric “ghost”") as caught:
        validate(parse({"kind": "change", "of": "ghost", "days": 7}), {}, DATASETS)
    assert list(caught.value.fields) == ["of"]
    with pytest.raises(InvalidInputError, match="lower-case"):
        validate(parse(COUNT), {}, DATASETS, key="Log-ins")


def test_nesting_has_a_limit():
    data = COUNT
    for _ in range(8):
        data = {"kind": "change", "of": data, "days": 1}
    with pytest.raises(InvalidInputError, match="nested more than 8"):
        parse(data)


def test_datasets_have_plain_names_and_leave_out_the_columns_of_their_grain():
    with pytest.raises(InvalidInputError, match="“Bad name”"):
        DatasetSpec("Bad name", "event", {})
    with pytest.raises(InvalidInputError, match="lists day"):
        DatasetSpec("nps", "event", {"day": "day"})
