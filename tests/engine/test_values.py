"""Values worked out by hand."""

from __future__ import annotations

import pytest

from banso.engine.datasets import DatasetSpec
from banso.engine.evaluate import evaluate
from banso.engine.parsing import parse
from banso.kit.errors import InvalidInputError, NotFoundError
from tests.engine.samples import counted, dataset, load, march, raw, value, values

NPS = DatasetSpec("nps", "event", {"seq": "int", "score": "int"})
TERMS = DatasetSpec(
    "subscription_terms", "interval", {"product": "text", "arr": "float", "end_day": "day"}
)


def use(aggregation, **more):
    return {"kind": "window", "dataset": "feature_days", "aggregation": aggregation, **more}


def term(aggregation, **more):
    return {"kind": "state", "dataset": "subscription_terms", "aggregation": aggregation, **more}


@pytest.fixture(params=["few", "many"])
def usage(request, warehouse, monkeypatch):
    """Account 1 reads on days 1, 3 and 4 and writes on day 4; account 2 reads on day 2.

    It is measured as few accounts are, and as many are.
    """
    monkeypatch.setattr("banso.engine.evaluate.FEW", {"few": 9, "many": 0}[request.param])
    load(
        warehouse,
        counted(
            (1, 1, "read", 5),
            (1, 3, "read", 2),
            (1, 4, "read", 4),
            (1, 4, "write", 1),
            (2, 2, "read", 9),
        ),
    )
    return warehouse


@pytest.mark.parametrize(
    ("metric", "day", "expected"),
    [
        (use("count", window=3), 4, 3),
        (use("sum", column="events", window=3), 4, 7),
        (use("sum", column="events", window=3), 5, 7),
        (use("sum", column="events", window=3), 6, 5),
        (use("sum", column="events"), 40, 12),
        (use("sum", column="events", window=2, offset=2), 4, 5),
        (use("average", column="events", window=2), 4, pytest.approx(7 / 3)),
        (use("maximum", column="events", window=2), 4, 4),
        (use("distinct", column="feature", window=1), 4, 2),
        (use("distinct", column="feature", window=3), 3, 1),
        (use("distinct", column="day", window=3), 4, 2),
        (use("distinct", column="day", window=2, offset=2), 5, 1),
        (use("distinct", column="day", window=62), 62, 3),
        (use("distinct", column="day", window=62), 63, 2),
        (use("distinct", column="day", window=63), 63, 3),
        (use("distinct", column="day", window=9, filters=[
            {"column": "feature", "op": "eq", "value": "write"}]), 4, 1),
        (use("days_since_last"), 9, 5),
        (use("days_since_last", filters=[{"column": "feature", "op": "eq", "value": "read"}]),
         3, 0),
        # y = 5 0 2 5 on t = −1.5 −0.5 0.5 1.5: Σty = 1, Σt² = 5.
        (use("slope", column="events", window=4), 4, pytest.approx(0.2)),
    ],
)  # fmt: skip
def test_windows(usage, metric, day, expected):
    assert value(usage, metric, day) == expected


def test_filters_narrow_the_rows(usage):
    def events(op, operand, column="feature"):
        only = [{"column": column, "op": op, "value": operand}]
        return value(usage, use("sum", column="events", window=28, filters=only), 4)

    assert events("in", ["read", "print"]) == 11
    assert events("not_in", ["read"]) == 1
    assert events("ne", "write") == 11
    assert events("gte", 4, "events") == 9
    assert events("lt", "2026-03-03", "day") == 5


def test_no_use_is_zero_once_use_is_tracked_and_empty_before(usage):
    for aggregation, column in [("count", None), ("sum", "events"), ("distinct", "feature")]:
        metric = use(aggregation, column=column, window=7)
        assert value(usage, metric, 3, account=77) == 0
        assert value(usage, metric, 0, account=77) is None
    assert value(usage, use("slope", column="events", window=7), 3, account=77) == 0
    for aggregation in ("average", "maximum", "latest"):
        assert value(usage, use(aggregation, column="events", window=7), 3, account=77) is None
    assert value(usage, use("days_since_last"), 3, account=77) is None


def test_an_offset_asks_what_was_known_then(usage):
    assert value(usage, use("count", window=7, offset=3), 4, account=77) == 0
    assert value(usage, use("count", window=7, offset=4), 4, account=77) is None


def test_the_latest_answer_wins_and_sequence_decides_within_a_day(warehouse):
    warehouse.replace_dataset(
        NPS,
        dataset(
            NPS,
            {"account_id": 1, "day": march(1), "seq": 9, "score": 10},
            {"account_id": 1, "day": march(5), "seq": 2, "score": 3},
            {"account_id": 1, "day": march(5), "seq": 1, "score": 8},
            {"account_id": 1, "day": march(6), "seq": 1, "score": None},
        ),
    )
    latest = {"kind": "window", "dataset": "nps", "aggregation": "latest", "column": "score"}
    assert value(warehouse, latest, 4) == 10
    assert value(warehouse, latest, 30) == 3
    assert value(warehouse, latest | {"window": 3}, 30) is None


@pytest.fixture
def terms(warehouse):
    """Account 1: ARR 100 from day 1 to 10 and 150 from day 11 on; and 50 from day 5 on."""
    warehouse.replace_dataset(
        TERMS,
        dataset(
            TERMS,
            {"account_id": 1, "from_day": march(1), "to_day": march(11), "product": "base",
             "arr": 100.0, "end_day": march(31)},
            {"account_id": 1, "from_day": march(11), "product": "base", "arr": 150.0,
             "end_day": march(31)},
            {"account_id": 1, "from_day": march(5), "product": "extra", "arr": 50.0,
             "end_day": march(20)},
        ),
    )  # fmt: skip
    return warehouse


@pytest.mark.parametrize(
    ("metric", "day", "expected"),
    [
        (term("sum", column="arr"), 4, 100),
        (term("sum", column="arr"), 10, 150),
        (term("sum", column="arr"), 11, 200),
        (term("count"), 0, None),
        (term("count"), 5, 2),
        (term("maximum", column="arr"), 5, 100),
        (term("minimum", column="arr"), 5, 50),
        (term("days_until", column="end_day"), 10, 10),
        (term("days_until", column="end_day"), 25, -5),
        (term("days_since", column="from_day"), 12, 7),
        (term("sum", column="arr",
              filters=[{"column": "product", "op": "eq", "value": "extra"}]), 3, 0),
    ],
)  # fmt: skip
def test_states(terms, metric, day, expected):
    assert value(terms, metric, day) == expected


def test_metrics_of_metrics(usage, terms):
    catalogue = {
        "events": parse(use("sum", column="events", window=2)),
        "arr": parse(term("sum", column="arr")),
        "change": parse({"kind": "change", "of": "events", "days": 1}),
        "gain": parse({"kind": "change", "of": "arr", "days": 7, "mode": "absolute"}),
        "share": parse(
            {"kind": "ratio", "numerator": "events", "denominator": "arr", "scale": 100}
        ),
        "from_zero": parse({"kind": "ratio", "numerator": "arr", "denominator": "none"}),
        "none": parse(use("count", window=1, offset=2)),
        "best": parse({"kind": "greatest", "of": ["from_zero", "events", "gain"]}),
    }
    on_day_4 = values(terms, catalogue, 4)
    # Events of days 3–4 are 7, of days 2–3 they were 2; day 2 has no rows.
    assert on_day_4 == {
        "events": 7, "arr": 100, "change": 2.5, "gain": None, "share": 7,
        "from_zero": None, "none": 0, "best": 7,
    }  # fmt: skip
    assert values(terms, catalogue, 11)["gain"] == 100


def test_what_happens_later_never_changes_a_value(usage):
    metrics = {
        "events": parse(use("sum", column="events", window=28)),
        "features": parse(use("distinct", column="feature", window=28)),
        "last": parse(use("days_since_last")),
        "latest": parse(use("latest", column="events")),
        "trend": parse({"kind": "change", "of": "events", "days": 2}),
    }
    before = values(usage, metrics, 4)
    load(usage, counted((1, 5, "read", 100), (1, 6, "print", 7)))
    assert values(usage, metrics, 4) == before
    assert values(usage, metrics, 6) != before


def test_users_are_counted_once_however_often_they_come(warehouse):
    load(
        warehouse,
        raw(("a", 1, 1, "read", "ann"), ("b", 1, 2, "read", "ann"), ("c", 1, 2, "write", "bob"),
            ("d", 1, 2, "write", None)),
    )  # fmt: skip
    users = {"kind": "window", "dataset": "user_days", "aggregation": "distinct",
             "column": "user_key", "window": 7}  # fmt: skip
    assert value(warehouse, users, 2) == 2
    assert value(warehouse, users | {"window": 1}, 1) == 1


def test_unknown_metrics_datasets_and_far_days_are_refused(usage):
    with pytest.raises(NotFoundError, match="no metric “ghost”"):
        evaluate(usage, {}, ["ghost"], march(1), [1])
    with pytest.raises(NotFoundError, match="no dataset “ghosts”"):
        value(usage, {"kind": "window", "dataset": "ghosts", "aggregation": "count"}, 4)
    with pytest.raises(InvalidInputError, match="1900"):
        value(usage, use("count"), -90_000)


def test_accounts_come_back_in_the_order_asked_for_even_without_metrics(usage):
    assert evaluate(usage, {}, [], march(4), [2, 9, 1])["account_id"].to_pylist() == [2, 9, 1]
