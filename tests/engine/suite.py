"""A company's facts and metrics of every kind, on which engines are held equal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Definition
from banso.engine.evaluate import Facts, evaluate
from banso.engine.parsing import parse
from banso.engine.warehouse import Warehouse

AS_OF = date(2026, 6, 30)
DAYS = 120
ACCOUNTS = 120
FEATURES = ("report", "export", "it's", "導入")
ASKED = [*range(ACCOUNTS, 0, -1), 9_999]
"""Not in order, and one of which nothing is known."""

TICKETS = DatasetSpec(
    "tickets", "event", {"priority": "text", "first_response_hours": "float", "closed": "day"}
)
TICKET_STATES = DatasetSpec("ticket_states", "interval", {"status": "text"})
NPS = DatasetSpec("nps", "event", {"seq": "int", "score": "int"})
TERMS = DatasetSpec(
    "subscription_terms",
    "interval",
    {"seats": "int", "arr": "float", "start_day": "day", "end_day": "day"},
)
EMPTY = DatasetSpec("calls", "event", {"minutes": "float"})
Ints = np.ndarray[Any, np.dtype[np.int64]]


def window(dataset: str, aggregation: str, column: str | None = None, **more: Any) -> dict:
    return {
        "kind": "window",
        "dataset": dataset,
        "aggregation": aggregation,
        "column": column,
        **more,
    }


def state(aggregation: str, column: str | None = None, dataset: str = TERMS.name, **more: Any):
    return {
        "kind": "state",
        "dataset": dataset,
        "aggregation": aggregation,
        "column": column,
        **more,
    }


def ratio(numerator: Any, denominator: Any, scale: float = 1.0) -> dict:
    return {"kind": "ratio", "numerator": numerator, "denominator": denominator, "scale": scale}


def where(column: str, op: str, value: Any) -> list[dict]:
    return [{"column": column, "op": op, "value": value}]


def catalogue() -> dict[str, Definition]:
    metrics = {**_usage(), **_support(), **_contracts()}
    return {key: parse(data) for key, data in metrics.items()}


def _usage() -> dict[str, dict]:
    core = where("feature", "in", ["report", "it's"])
    return {
        "active_users_7": window("user_days", "distinct", "user_key", window=7),
        "active_users_28": window("user_days", "distinct", "user_key", window=28),
        "users_ever": window("user_days", "distinct", "user_key"),
        "busy_users": window(
            "user_days", "distinct", "user_key", window=28, filters=where("events", "gte", 4)
        ),
        "users_before": window("user_days", "distinct", "user_key", window=28, offset=28),
        "events_28": window("account_days", "sum", "events", window=28),
        "events_ever": window("account_days", "sum", "events"),
        "busiest_day": window("account_days", "maximum", "events", window=90),
        "average_day": window("account_days", "average", "events", window=90),
        "active_days": window("account_days", "count", window=28),
        "silence": window("account_days", "days_since_last"),
        "silence_then": window("account_days", "days_since_last", offset=14),
        "core_use": window("feature_days", "sum", "events", window=28, filters=core),
        "other_use": window(
            "feature_days", "sum", "events", filters=where("feature", "not_in", ["導入"])
        ),
        "features_28": window("feature_days", "distinct", "feature", window=28),
        "value_28": window("feature_days", "sum", "value", window=28),
        "last_value": window("feature_days", "latest", "value", filters=core),
        "usage_slope": window("account_days", "slope", "events", window=28),
        "usage_trend": {"kind": "change", "of": "events_28", "days": 28},
        "user_growth": {
            "kind": "change",
            "of": "active_users_28",
            "days": 28,
            "mode": "absolute",
            "scale": 100.0,
        },
        "per_user": ratio("events_28", "active_users_28"),
        "no_calls": window(EMPTY.name, "sum", "minutes", window=28),
        "calls_average": window(EMPTY.name, "average", "minutes"),
    }


def _support() -> dict[str, dict]:
    urgent = where("priority", "eq", "urgent")
    return {
        "tickets_28": window("tickets", "count", window=28),
        "urgent_share": ratio(
            window("tickets", "count", window=90, filters=urgent),
            window("tickets", "count", window=90),
        ),
        "first_response": window("tickets", "average", "first_response_hours", window=90),
        "slow_answers": window(
            "tickets", "count", filters=where("first_response_hours", "gt", 12.5)
        ),
        "closed_late": window("tickets", "count", filters=where("closed", "gte", "2026-05-01")),
        "open_tickets": state("count", dataset="ticket_states", filters=where("status", "ne", "x")),
        "nps_latest": window("nps", "latest", "score"),
        "nps_before": window("nps", "latest", "score", window=60, offset=30),
        "nps_promoter": window("nps", "latest", "score", filters=where("score", "gte", 9)),
        "nps_age": window("nps", "days_since_last"),
        "nps_change": {"kind": "change", "of": "nps_latest", "days": 45, "mode": "absolute"},
    }


def _contracts() -> dict[str, dict]:
    return {
        "seats": state("sum", "seats"),
        "largest": state("maximum", "seats"),
        "smallest": state("minimum", "seats", filters=where("arr", "gt", 0)),
        "lines": state("count"),
        "arr": state("sum", "arr"),
        "arr_change": {"kind": "change", "of": "arr", "days": 60},
        "subscription_age": state("days_since", "start_day"),
        "days_to_renewal": state("days_until", "end_day"),
        "seats_used": ratio("active_users_28", "seats", 100.0),
        "reach": {"kind": "greatest", "of": ["seats_used", "active_users_28", "nps_latest"]},
    }


def fill(warehouse: Warehouse) -> None:
    """Load usage, tickets, answers and terms; the same ones each time."""
    random = np.random.default_rng(7)
    warehouse.load_batch(1, "counted", _use(random))
    who, day = random.integers(1, ACCOUNTS + 1, 900), _some_days(random, 900)
    warehouse.replace_dataset(TICKETS, _tickets(random, who, day))
    warehouse.replace_dataset(TICKET_STATES, _states(random, who, day))
    warehouse.replace_dataset(NPS, _answers(random))
    warehouse.replace_dataset(TERMS, _terms(random))
    warehouse.replace_dataset(EMPTY, _table(EMPTY, account_id=[], day=[], minutes=[]))


def _some_days(random: np.random.Generator, count: int) -> Ints:
    """Days as numbers since 1970, some of them after the day that is measured."""
    last = (AS_OF - date(1970, 1, 1)).days
    return last - random.integers(-10, DAYS, count)


def _days(numbers: Ints, empty: Any = None) -> pa.Array:
    return pa.array(numbers.astype(np.int32), pa.int32(), mask=empty).cast(pa.date32())


def _table(spec: DatasetSpec, **columns: Any) -> pa.Table:
    kinds = {"int": pa.int64(), "float": pa.float64(), "text": pa.string(), "day": pa.date32()}
    return pa.table(columns, pa.schema([(n, kinds[kind]) for n, kind in spec.all_columns.items()]))


def _use(random: np.random.Generator) -> pa.Table:
    count = 12_000
    # A third of the accounts is never used; the busiest a hundred times as much as the median.
    who = 1 + np.floor((ACCOUNTS * 2 // 3) * random.random(count) ** 3).astype(np.int64)
    return pa.table(
        {
            "source": ["app"] * count,
            "row_key": [str(number) for number in range(count)],
            "account_id": who,
            "user_key": [f"user-{number}" for number in random.integers(0, 12, count)],
            "day": _days(_some_days(random, count)),
            "feature": random.choice(FEATURES, count),
            "events": random.integers(1, 9, count),
            "users": pa.nulls(count, pa.int64()),
            "value": pa.array(random.random(count).round(3), mask=random.random(count) < 0.3),
        }
    )


def _tickets(random: np.random.Generator, who: Ints, day: Ints) -> pa.Table:
    count = len(who)
    return _table(
        TICKETS,
        account_id=who,
        day=_days(day),
        priority=pa.array(
            random.choice(["low", "normal", "urgent"], count), mask=random.random(count) < 0.1
        ),
        first_response_hours=pa.array(
            random.exponential(8.0, count).round(2), mask=random.random(count) < 0.2
        ),
        closed=_days(day + random.integers(0, 20, count), random.random(count) < 0.2),
    )


def _states(random: np.random.Generator, who: Ints, day: Ints) -> pa.Table:
    return _table(
        TICKET_STATES,
        account_id=who,
        from_day=_days(day),
        to_day=_days(day + random.integers(0, 30, len(who)), random.random(len(who)) < 0.3),
        status=random.choice(["open", "x", "waiting"], len(who)),
    )


def _answers(random: np.random.Generator) -> pa.Table:
    count = 500
    # Several answers on one day, some without a sequence or a score.
    day = _some_days(random, count) // 7 * 7
    return _table(
        NPS,
        account_id=random.integers(1, ACCOUNTS // 2, count),
        day=_days(day),
        seq=pa.array(random.integers(0, 4, count), mask=random.random(count) < 0.3),
        score=pa.array(random.integers(0, 11, count), mask=random.random(count) < 0.1),
    )


def _terms(random: np.random.Generator) -> pa.Table:
    count = ACCOUNTS * 2
    start = _some_days(random, count) - 60
    return _table(
        TERMS,
        account_id=random.integers(1, ACCOUNTS, count),
        from_day=_days(start),
        to_day=_days(start + 180, random.random(count) < 0.5),
        seats=pa.array(random.integers(0, 40, count), mask=random.random(count) < 0.1),
        arr=random.integers(0, 90, count) * 1_000.5,
        start_day=_days(start),
        end_day=_days(start + 365, random.random(count) < 0.2),
    )


def assert_equal(warehouse: Warehouse, other: Facts) -> int:
    """Every metric for all accounts, and for a few on another day; how many values it saw.

    Whole numbers are equal; others as nearly as sums in another order are.
    """
    known = catalogue()
    few = _compare(warehouse, other, known, AS_OF - timedelta(days=47), [3, 1, 77])
    return few + _compare(warehouse, other, known, AS_OF, ASKED)


def _compare(
    warehouse: Warehouse, other: Facts, known: dict[str, Definition], day: date, ids: list[int]
) -> int:
    expected = evaluate(warehouse, known, list(known), day, ids)
    found = evaluate(other, known, list(known), day, ids)
    assert found.schema.equals(expected.schema)
    assert found["account_id"].to_pylist() == ids
    for key in known:
        ours, theirs = expected[key].to_pylist(), found[key].to_pylist()
        for account, one, two in zip(ids, ours, theirs, strict=True):
            place = f"{key} of {account} on {day}: {one} and {two}"
            assert (one is None) == (two is None), place
            if one is not None and one == int(one):
                assert one == two, place
            elif one is not None:
                assert abs(one - two) <= 1e-9 * max(1.0, abs(one)), place
    return len(known) * len(ids)
