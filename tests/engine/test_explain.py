"""Every number opens down to the rows that made it."""

from __future__ import annotations

from banso.engine.datasets import DatasetSpec
from banso.engine.explain import explain, explain_rows
from banso.engine.parsing import parse
from tests.engine.samples import counted, dataset, load, march

TERMS = DatasetSpec("terms", "interval", {"arr": "float"})


def test_the_rows_of_a_window_are_those_it_adds_up(warehouse):
    load(
        warehouse,
        counted((1, 1, "read", 5), (1, 3, "read", 2), (1, 4, "read", 4), (1, 4, "write", 1),
                (1, 5, "read", 9), (2, 4, "read", 9)),
    )  # fmt: skip
    reads = parse(
        {"kind": "window", "dataset": "feature_days", "aggregation": "sum", "column": "events",
         "window": 2, "offset": 1, "filters": [{"column": "feature", "op": "eq", "value": "read"}]}
    )  # fmt: skip
    rows = explain_rows(warehouse, reads, 1, march(5)).to_pylist()
    assert [(row["day"], row["events"]) for row in rows] == [(march(3), 2), (march(4), 4)]


def test_a_metric_of_metrics_opens_leaf_by_leaf_on_the_days_it_compares(warehouse):
    warehouse.replace_dataset(
        TERMS,
        dataset(
            TERMS,
            {"account_id": 1, "from_day": march(1), "to_day": march(5), "arr": 10.0},
            {"account_id": 1, "from_day": march(5), "arr": 30.0},
        ),
    )
    catalogue = {
        "arr": parse({"kind": "state", "dataset": "terms", "aggregation": "sum", "column": "arr"}),
        "growth": parse({"kind": "change", "of": "arr", "days": 3}),
    }
    now, before = explain(warehouse, catalogue, "growth", 1, march(6))
    assert (now.as_of, now.rows["arr"].to_pylist()) == (march(6), [30.0])
    assert (before.as_of, before.rows["arr"].to_pylist()) == (march(3), [10.0])
