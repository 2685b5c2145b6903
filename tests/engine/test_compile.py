"""The SQL of metrics, held by snapshots; write them anew with BANSO_SNAPSHOTS=write."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from banso.engine.compile import compile_metrics, compile_passes
from banso.engine.datasets import USAGE_DATASETS, DatasetSpec
from banso.engine.parsing import parse

SNAPSHOTS = Path(__file__).parent / "snapshots"
SPECS = {
    **USAGE_DATASETS,
    "nps": DatasetSpec("nps", "event", {"seq": "int", "score": "int"}),
    "terms": DatasetSpec("terms", "interval", {"seats": "int", "end_day": "day"}),
}


def window(dataset, aggregation, **more):
    return {"kind": "window", "dataset": dataset, "aggregation": aggregation, **more}


USERS = window("user_days", "distinct", column="user_key", window=28)
EVENTS = window("account_days", "sum", column="events", window=28)
SEATS = {"kind": "state", "dataset": "terms", "aggregation": "sum", "column": "seats"}
CORE = [{"column": "feature", "op": "in", "value": ["it's", "MAKE_DATE(1000, 1, 1)"]}]
CASES = {
    "seats_used": [{"kind": "ratio", "numerator": USERS, "denominator": SEATS}],
    "usage_trend": [EVENTS, {"kind": "change", "of": EVENTS, "days": 28}],
    "core_use": [window("feature_days", "sum", column="events", window=7, filters=CORE)],
    "nps": [window("nps", "latest", column="score"), window("nps", "days_since_last")],
}


def sql_of(*metrics) -> str:
    statement = compile_metrics([parse(item) for item in metrics], SPECS)
    return statement.on(date(2026, 3, 31), dict.fromkeys(statement.datasets, date(2025, 4, 1)))


def passes_of(*metrics) -> list[str]:
    passes = compile_passes([parse(item) for item in metrics], SPECS)
    return [item.on(date(2026, 3, 31)) for item in passes]


def compiled(name: str):
    return compile_metrics([parse(item) for item in CASES[name]], SPECS)


@pytest.mark.parametrize("name", CASES)
def test_metrics_compile_to_the_sql_that_was_looked_at(name):
    path = SNAPSHOTS / f"{name}.sql"
    few, everybody = sql_of(*CASES[name]), passes_of(*CASES[name])
    sql = ";\n\n".join([few, *everybody]) + ";\n"
    if os.environ.get("BANSO_SNAPSHOTS") == "write":
        path.write_text(sql, encoding="utf-8")
    assert sql == path.read_text(encoding="utf-8")


def test_a_statement_is_built_once_and_only_its_days_change():
    assert compiled("seats_used") is compiled("seats_used")
    definitions = [parse(item) for item in CASES["seats_used"]]
    assert compile_passes(definitions, SPECS) is compile_passes(definitions, SPECS)
    statement = compiled("core_use")
    first_days = dict.fromkeys(statement.datasets, date(2025, 4, 1))
    one, two = (statement.on(date(2026, 3, day), first_days) for day in (30, 31))
    assert one.replace("2026-03-24", "2026-03-25").replace("2026-03-30", "2026-03-31") == two


def test_text_that_looks_like_a_day_stays_as_it_is():
    statement = compiled("core_use")
    sql = statement.on(date(2026, 3, 31), dict.fromkeys(statement.datasets, date(2025, 4, 1)))
    assert "'it''s', 'MAKE_DATE(1000, 1, 1)'" in sql
    assert "MAKE_DATE(" not in sql.replace("'MAKE_DATE(1000, 1, 1)'", "")


def test_a_window_reads_its_days_only_beside_a_metric_of_all_time():
    of_all_time = window("account_days", "sum", column="events")
    for passes in (passes_of(of_all_time, EVENTS), [sql_of(of_all_time, EVENTS)]):
        sql = "".join(passes)
        assert sql.count('FROM "account_days"') == 2
        assert sql.count("\"day\" >= DATE '2026-03-04'") == 1


def test_days_of_short_windows_are_counted_with_everything_else():
    days = window("account_days", "distinct", column="day", window=62)
    (sql,) = passes_of(days, EVENTS)
    assert "BIT_COUNT" in sql
    assert len(passes_of({**days, "window": 63}, EVENTS)) == 2


def test_the_rows_of_few_accounts_are_chosen_among_those_of_the_days():
    sql = sql_of(USERS)
    assert sql.index("\"day\" >= DATE '2026-03-04'") < sql.index("SEMI JOIN")
