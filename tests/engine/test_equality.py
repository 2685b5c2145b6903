"""The value of a day and the history of that day are one and the same, for every metric."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Definition
from banso.engine.evaluate import evaluate
from banso.engine.history import history
from banso.engine.parsing import parse
from banso.engine.warehouse import Warehouse

START = date(2024, 2, 20)
DAYS = 24
ACCOUNTS = [3, 1, 2, 99]

EVENTS = DatasetSpec(
    "touches", "event", {"kind": "text", "seq": "int", "amount": "float", "size": "int"}
)
TERMS = DatasetSpec(
    "terms", "interval", {"plan": "text", "seats": "int", "price": "float", "until": "day"}
)

# Amounts are quarters, so that float sums are exact in any order.
quarters = st.integers(-40, 40).map(lambda n: n / 4)
days = st.integers(-15, DAYS + 5).map(lambda n: START + timedelta(days=n))
kinds = st.sampled_from(["a", "b", "it's", "MAKE_DATE(1000, 1, 1)"])


def maybe(values):
    return st.one_of(st.none(), values)


event_rows = st.lists(
    st.fixed_dictionaries(
        {
            "account_id": st.sampled_from([1, 2, 3, 4]),
            "day": days,
            "kind": maybe(kinds),
            "seq": maybe(st.integers(0, 3)),
            "amount": maybe(quarters),
            "size": maybe(st.integers(-3, 3)),
        }
    ),
    max_size=30,
)
term_rows = st.lists(
    st.fixed_dictionaries(
        {
            "account_id": st.sampled_from([1, 2, 3, 4]),
            "from_day": days,
            "to_day": maybe(days),
            "plan": maybe(kinds),
            "seats": maybe(st.integers(0, 5)),
            "price": maybe(quarters),
            "until": maybe(days),
        }
    ),
    max_size=20,
)


def conditions(text: str, number: str):
    return st.lists(
        st.one_of(
            st.fixed_dictionaries(
                {
                    "column": st.just(text),
                    "op": st.sampled_from(["in", "not_in"]),
                    "value": st.lists(kinds, min_size=1, max_size=2),
                }
            ),
            st.fixed_dictionaries(
                {"column": st.just(text), "op": st.sampled_from(["eq", "ne"]), "value": kinds}
            ),
            st.fixed_dictionaries(
                {
                    "column": st.just(number),
                    "op": st.sampled_from(["gte", "lte", "gt", "lt", "ne"]),
                    "value": quarters,
                }
            ),
        ),
        max_size=2,
    )


def window(aggregation: str, column: st.SearchStrategy, *, least: int = 1, all_time: bool = True):
    span = st.integers(least, 12)
    return st.fixed_dictionaries(
        {
            "kind": st.just("window"),
            "dataset": st.just("touches"),
            "aggregation": st.just(aggregation),
            "column": column,
            "window": maybe(span) if all_time else span,
            "offset": st.integers(0, 6),
            "filters": conditions("kind", "amount"),
        }
    )


def state(aggregation: str, column: st.SearchStrategy):
    return st.fixed_dictionaries(
        {
            "kind": st.just("state"),
            "dataset": st.just("terms"),
            "aggregation": st.just(aggregation),
            "column": column,
            "filters": conditions("plan", "price"),
        }
    )


event_number = st.sampled_from(["amount", "size"])
term_number = st.sampled_from(["seats", "price"])
LEAVES = {
    "count": window("count", st.none()),
    "sum": window("sum", event_number),
    "average": window("average", event_number),
    "distinct": window("distinct", st.sampled_from(["kind", "size", "seq", "amount", "day"])),
    "distinct_days": window("distinct", st.just("day")),
    "maximum": window("maximum", event_number),
    "days_since_last": window("days_since_last", st.none()),
    "latest": window("latest", event_number),
    "slope": window("slope", event_number, least=2, all_time=False),
    "state count": state("count", st.none()),
    "state sum": state("sum", term_number),
    "state maximum": state("maximum", term_number),
    "state minimum": state("minimum", term_number),
    "state days_until": state("days_until", st.sampled_from(["until", "to_day"])),
    "state days_since": state("days_since", st.sampled_from(["until", "from_day"])),
}
leaf = st.one_of(*LEAVES.values())
scales = st.sampled_from([1.0, 100.0, -0.5])
metrics = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("ratio"), "numerator": inner, "denominator": inner, "scale": scales}
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("change"),
                "of": inner,
                "days": st.integers(1, 9),
                "mode": st.sampled_from(["relative", "absolute"]),
                "scale": scales,
            }
        ),
        st.fixed_dictionaries(
            {"kind": st.just("greatest"), "of": st.lists(inner, min_size=1, max_size=3)}
        ),
    ),
    max_leaves=4,
)


def table(rows: list[dict], spec: DatasetSpec) -> pa.Table:
    types = {"int": pa.int64(), "float": pa.float64(), "text": pa.string(), "day": pa.date32()}
    return pa.Table.from_pylist(
        rows, pa.schema([(name, types[kind]) for name, kind in spec.all_columns.items()])
    )


def assert_same(warehouse: Warehouse, definitions: list[Definition]) -> None:
    catalogue = {f"m{i}": definition for i, definition in enumerate(definitions)}
    keys = list(catalogue)
    end = START + timedelta(days=DAYS - 1)
    found = history(warehouse, catalogue, keys, ACCOUNTS, START, end)
    for d in range(0, DAYS, 3):
        day = START + timedelta(days=d)
        # Few accounts are measured by one statement, many by one for each pass.
        with patch("banso.engine.evaluate.FEW", 9 if d % 2 else 0):
            values = evaluate(warehouse, catalogue, keys, day, ACCOUNTS)
        assert values["account_id"].to_pylist() == ACCOUNTS
        for key in keys:
            expected = values[key].cast(pa.float64()).to_numpy(zero_copy_only=False)
            np.testing.assert_allclose(
                found[key][:, d], expected, rtol=1e-9, atol=1e-9, err_msg=f"{key} {day}"
            )


def compare(warehouse: Warehouse, drawn: list[dict], events: list[dict], terms: list[dict]) -> None:
    warehouse.replace_dataset(EVENTS, table(events, EVENTS))
    warehouse.replace_dataset(TERMS, table(terms, TERMS))
    assert_same(warehouse, [parse(item) for item in drawn])


def tries(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.mark.parametrize("name", LEAVES)
@tries(6)
@given(data=st.data(), events=event_rows, terms=term_rows)
def test_a_days_value_equals_its_history_for_each_aggregation(name, data, events, terms, warehouse):
    compare(warehouse, [data.draw(LEAVES[name])], events, terms)


@tries(15)
@given(drawn=st.lists(metrics, min_size=1, max_size=4), events=event_rows, terms=term_rows)
def test_a_days_value_equals_its_history_for_metrics_of_metrics(drawn, events, terms, warehouse):
    compare(warehouse, drawn, events, terms)


@pytest.mark.slow
@tries(1000)
@given(drawn=st.lists(metrics, min_size=1, max_size=4), events=event_rows, terms=term_rows)
def test_a_days_value_equals_its_history_many_times_over(drawn, events, terms, warehouse):
    compare(warehouse, drawn, events, terms)
