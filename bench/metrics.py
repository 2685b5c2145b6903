"""Twenty-five metrics of every account on one day: Banso against SQL written by hand.

Both run in one process on one warehouse of synthetic, heavy-tailed usage, turn by turn; the
hand-written side is a single statement that uses everything its author knows about the data.
Their results are compared cell by cell before anything is timed. Prints one JSON object as its
last line.

    .venv/bin/python bench/metrics.py --size small|full
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Definition
from banso.engine.evaluate import evaluate
from banso.engine.history import history_map
from banso.engine.parsing import parse
from banso.engine.warehouse import Warehouse

AS_OF = date(2026, 6, 30)
DAYS = 365
SIZES = {"small": (2_000, 1.0), "full": (100_000, 0.3)}
RUNS = {"small": 15, "full": 5}
HISTORY_DAYS = {"small": 365, "full": 30}

TICKETS = DatasetSpec("tickets", "event", {"priority": "text", "first_response_hours": "float"})
TICKET_STATES = DatasetSpec("ticket_states", "interval", {"status": "text"})
NPS = DatasetSpec("nps", "event", {"seq": "int", "score": "int"})
TERMS = DatasetSpec(
    "subscription_terms",
    "interval",
    {"seats": "int", "arr": "float", "start_day": "day", "end_day": "day"},
)

USAGE = """
SELECT setseed(0.42);
CREATE TEMP TABLE accounts AS SELECT range AS account_id,
    CAST(least(400, 1 + floor(2 * pow(1 - random(), -0.8))) AS BIGINT) AS seats,
    (0.15 + 0.6 * random()) * {activity} AS share, 1 + CAST(floor(9 * random()) AS INT) AS features
FROM range({accounts});
CREATE TEMP TABLE active AS SELECT account_id, DATE '{start}' + CAST(d.range AS INT) AS day,
    features, greatest(1, CAST(floor(seats * random()) AS BIGINT)) AS users
FROM range({days}) d, accounts WHERE random() < share ORDER BY day, account_id;
INSERT INTO feature_days SELECT account_id, day, 'feature_' || f.range,
    CAST(1 + floor(2 * pow(1 - random(), -0.6)) AS BIGINT),
    CAST(1 + floor(users * random()) AS BIGINT), round(100 * random(), 2)
FROM active, range(9) f WHERE f.range < features AND random() < 0.7
ORDER BY day, account_id;
INSERT INTO user_days SELECT account_id, 'user_' || u.range, day,
    CAST(1 + floor(5 * random()) AS BIGINT)
FROM active, range(400) u WHERE u.range < users ORDER BY day, account_id;
INSERT INTO account_days SELECT account_id, day, sum(events), max(users), count(*), NULL
FROM feature_days GROUP BY account_id, day ORDER BY day, account_id;
"""


def window(dataset: str, aggregation: str, **more: Any) -> dict[str, Any]:
    return {"kind": "window", "dataset": dataset, "aggregation": aggregation, **more}


def state(dataset: str, aggregation: str, **more: Any) -> dict[str, Any]:
    return {"kind": "state", "dataset": dataset, "aggregation": aggregation, **more}


def catalogue() -> dict[str, Definition]:
    core = [{"column": "feature", "op": "in", "value": ["feature_0", "feature_2"]}]
    urgent = [{"column": "priority", "op": "eq", "value": "urgent"}]
    is_open = [{"column": "status", "op": "ne", "value": "solved"}]
    metrics: dict[str, dict[str, Any]] = {}
    for days in (7, 28, 90):
        metrics[f"active_users_{days}"] = window(
            "user_days", "distinct", column="user_key", window=days
        )
        metrics[f"logins_{days}"] = window("account_days", "sum", column="events", window=days)
    metrics |= {
        "core_use_28": window("feature_days", "sum", column="events", window=28, filters=core),
        "features_28": window("feature_days", "distinct", column="feature", window=28),
        "silence": window("account_days", "days_since_last"),
        "usage_trend": {"kind": "change", "of": "logins_28", "days": 28},
        "usage_slope_28": window("account_days", "slope", column="events", window=28),
        "user_growth": {"kind": "change", "of": "active_users_28", "days": 28},
        "seats": state("subscription_terms", "sum", column="seats"),
        "seats_used": {"kind": "ratio", "numerator": "active_users_28", "denominator": "seats"},
        "events_per_user": {
            "kind": "ratio",
            "numerator": "logins_28",
            "denominator": "active_users_28",
        },
        "tickets_28": window("tickets", "count", window=28),
        "open_tickets": state("ticket_states", "count", filters=is_open),
        "urgent_share": {
            "kind": "ratio",
            "numerator": window("tickets", "count", window=90, filters=urgent),
            "denominator": window("tickets", "count", window=90),
        },
        "first_response_90": window("tickets", "average", column="first_response_hours", window=90),
        "nps_latest": window("nps", "latest", column="score"),
        "nps_age": window("nps", "days_since_last"),
        "subscription_age": state("subscription_terms", "days_since", column="start_day"),
        "days_to_renewal": state("subscription_terms", "days_until", column="end_day"),
        "arr": state("subscription_terms", "sum", column="arr"),
        "arr_change": {"kind": "change", "of": "arr", "days": 90},
    }
    return {key: parse(data) for key, data in metrics.items()}


BY_HAND = """
WITH people AS (
    SELECT account_id,
        count(*) FILTER (last > $d - 7) AS u7, count(*) FILTER (last > $d - 28) AS u28,
        count(*) FILTER (last > $d - 90) AS u90, count(before) AS before28
    FROM (
        SELECT account_id, user_key, max(day) AS last,
            max(day) FILTER (day > $d - 56 AND day <= $d - 28) AS before
        FROM user_days WHERE day > $d - 90 AND day <= $d GROUP BY account_id, user_key)
    GROUP BY account_id
), activity AS (
    SELECT account_id, sum(events) FILTER (day > $d - 7) AS e7,
        sum(events) FILTER (day > $d - 28) AS e28, sum(events) FILTER (day > $d - 90) AS e90,
        sum(events) FILTER (day > $d - 56 AND day <= $d - 28) AS before28, max(day) AS last,
        sum(events * (13.5 - ($d - day))) FILTER (day > $d - 28) / 1827 AS slope
    FROM account_days WHERE day <= $d GROUP BY account_id
), core AS (
    SELECT account_id, sum(events) FILTER (feature IN ('feature_0', 'feature_2')) AS core,
        count(DISTINCT feature) AS features
    FROM feature_days WHERE day > $d - 28 AND day <= $d GROUP BY account_id
), support AS (
    SELECT account_id, count(*) FILTER (day > $d - 28) AS t28, count(*) AS t90,
        count(*) FILTER (priority = 'urgent') AS urgent, avg(first_response_hours) AS response
    FROM data_tickets WHERE day > $d - 90 AND day <= $d GROUP BY account_id
), waiting AS (
    SELECT account_id, count(*) AS open FROM data_ticket_states
    WHERE from_day <= $d AND (to_day IS NULL OR to_day > $d) AND status <> 'solved'
    GROUP BY account_id
), voice AS (
    SELECT account_id, arg_max(score, day) AS score, max(day) AS last
    FROM data_nps WHERE day <= $d GROUP BY account_id
), terms AS (
    SELECT account_id, sum(seats) FILTER (now) AS seats, sum(arr) FILTER (now) AS arr,
        min(start_day) FILTER (now) AS start_day, min(end_day) FILTER (now) AS end_day,
        sum(arr) FILTER (from_day <= $d - 90 AND (to_day IS NULL OR to_day > $d - 90)) AS before
    FROM (SELECT *, to_day IS NULL OR to_day > $d AS now
          FROM data_subscription_terms WHERE from_day <= $d)
    GROUP BY account_id
), joined AS (
    SELECT r.account_id, r.position, coalesce(u7, 0)::DOUBLE AS u7, coalesce(u28, 0)::DOUBLE AS u28,
        coalesce(u90, 0)::DOUBLE AS u90, coalesce(p.before28, 0)::DOUBLE AS u_before,
        coalesce(e7, 0)::DOUBLE AS e7, coalesce(e28, 0)::DOUBLE AS e28,
        coalesce(e90, 0)::DOUBLE AS e90, coalesce(a.before28, 0)::DOUBLE AS e_before,
        ($d - a.last)::DOUBLE AS silence, coalesce(slope, 0)::DOUBLE AS slope,
        coalesce(core, 0)::DOUBLE AS core, coalesce(features, 0)::DOUBLE AS features,
        coalesce(t28, 0)::DOUBLE AS t28, t90::DOUBLE AS t90, urgent::DOUBLE AS urgent, response,
        coalesce(open, 0)::DOUBLE AS open, score::DOUBLE AS score, ($d - v.last)::DOUBLE AS nps_age,
        coalesce(seats, 0)::DOUBLE AS seats, coalesce(arr, 0) AS arr,
        coalesce(t.before, 0) AS arr_before, ($d - start_day)::DOUBLE AS age,
        (end_day - $d)::DOUBLE AS renewal
    FROM requested r LEFT JOIN people p USING (account_id) LEFT JOIN activity a USING (account_id)
    LEFT JOIN core USING (account_id) LEFT JOIN support USING (account_id)
    LEFT JOIN waiting USING (account_id) LEFT JOIN voice v USING (account_id)
    LEFT JOIN terms t USING (account_id)
)
SELECT account_id, u7, e7, u28, e28, u90, e90, core, features, silence,
    (e28 - e_before) / nullif(e_before, 0), slope, (u28 - u_before) / nullif(u_before, 0), seats,
    u28 / nullif(seats, 0), e28 / nullif(u28, 0), t28, open, urgent / nullif(t90, 0), response,
    score, nps_age, age, renewal, arr, (arr - arr_before) / nullif(arr_before, 0)
FROM joined ORDER BY position
"""


def build(path: Path, size: str) -> tuple[Warehouse, list[int]]:
    accounts, activity = SIZES[size]
    Warehouse.open(path).close()
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        start = AS_OF - timedelta(days=DAYS - 10)
        connection.execute(
            USAGE.format(accounts=accounts, activity=activity, start=start, days=DAYS)
        )
    warehouse = Warehouse.open(path, memory_limit="8GB")
    fill_datasets(warehouse, accounts, np.random.default_rng(42))
    return warehouse, list(range(accounts))


def fill_datasets(warehouse: Warehouse, accounts: int, random: np.random.Generator) -> None:
    ids = np.arange(accounts)
    first = np.datetime64(AS_OF - timedelta(days=DAYS), "D")

    def days(count: int) -> np.ndarray:
        return first + random.integers(0, DAYS + 10, count)

    count = accounts * 12
    opened, who = days(count), random.integers(0, accounts, count)
    warehouse.replace_dataset(
        TICKETS,
        pa.table(
            {
                "account_id": who,
                "day": opened,
                "priority": random.choice(["low", "normal", "urgent"], count),
                "first_response_hours": np.round(random.exponential(8.0, count), 1),
            }
        ),
    )
    solved = opened + random.integers(0, 20, count)
    warehouse.replace_dataset(
        TICKET_STATES,
        pa.table(
            {
                "account_id": np.concatenate([who, who]),
                "from_day": np.concatenate([opened, solved]),
                "to_day": pa.array(
                    np.concatenate([solved, solved]), mask=np.arange(2 * count) >= count
                ),
                "status": ["open"] * count + ["solved"] * count,
            }
        ),
    )
    count = accounts * 4
    # One answer a day and account at most, so that the hand-written side may ignore ties.
    answers = np.unique(
        np.stack([random.integers(0, accounts, count), random.integers(0, DAYS + 10, count)]),
        axis=1,
    )
    warehouse.replace_dataset(
        NPS,
        pa.table(
            {
                "account_id": answers[0],
                "day": first + answers[1],
                "seq": np.arange(answers.shape[1]),
                "score": random.integers(0, 11, answers.shape[1]),
            }
        ),
    )
    half = first + random.integers(60, 300, accounts)
    seats = random.integers(1, 300, accounts)
    began = np.full(accounts, first)
    warehouse.replace_dataset(
        TERMS,
        pa.table(
            {
                "account_id": np.concatenate([ids, ids]),
                "from_day": np.concatenate([began, half]),
                "to_day": pa.array(
                    np.concatenate([half, half]), mask=np.arange(2 * accounts) >= accounts
                ),
                "seats": np.concatenate([seats, seats + random.integers(0, 30, accounts)]),
                "arr": np.concatenate([seats * 12_000.0, seats * 13_000.0]),
                "start_day": np.concatenate([began, began]),
                "end_day": np.concatenate([began + 730, began + 730]),
            }
        ),
    )


def by_hand(warehouse: Warehouse, ids: list[int], day: date) -> pa.Table:
    requested = pa.table({"account_id": np.array(ids), "position": np.arange(len(ids))})
    return warehouse.query(BY_HAND.replace("$d", f"DATE '{day}'"), requested)


def assert_equal(ours: pa.Table, hand: pa.Table) -> None:
    for name, theirs in zip(ours.column_names, hand.columns, strict=True):
        np.testing.assert_allclose(
            ours[name].to_numpy().astype(float),
            theirs.to_numpy().astype(float),
            rtol=1e-9,
            err_msg=name,
        )


def seconds(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measure(warehouse: Warehouse, ids: list[int], size: str) -> dict[str, Any]:
    metrics = catalogue()
    keys = list(metrics)
    cold = seconds(lambda: evaluate(warehouse, metrics, keys, AS_OF, ids))
    assert_equal(evaluate(warehouse, metrics, keys, AS_OF, ids), by_hand(warehouse, ids, AS_OF))
    ours, hand = [], []
    for n in range(RUNS[size]):
        day = AS_OF - timedelta(days=n % 5)
        ours.append(seconds(lambda day=day: evaluate(warehouse, metrics, keys, day, ids)))
        hand.append(seconds(lambda day=day: by_hand(warehouse, ids, day)))
    few = ids[:20]
    evaluate(warehouse, metrics, keys, AS_OF, few)
    touched = [seconds(lambda: evaluate(warehouse, metrics, keys, AS_OF, few)) for _ in range(5)]
    start = AS_OF - timedelta(days=HISTORY_DAYS[size] - 1)
    span = (start, AS_OF)
    past = seconds(lambda: list(history_map(lambda _: 0, warehouse, metrics, keys, ids, *span)))
    return {
        "ours_s": round(statistics.median(ours), 4),
        "hand_s": round(statistics.median(hand), 4),
        "ratio": round(statistics.median(ours) / statistics.median(hand), 3),
        "first_run_s": round(cold, 3),
        "twenty_accounts_s": round(statistics.median(touched), 4),
        "history_s": round(past, 3),
        "history_days": HISTORY_DAYS[size],
        "metrics": len(keys),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="small")
    size = arguments.parse_args().size
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        warehouse, ids = build(Path(folder, "warehouse.duckdb"), size)
        built = time.perf_counter() - start
        with warehouse:
            result = measure(warehouse, ids, size)
            rows = {name: warehouse.extent(name).rows for name in warehouse.datasets()}
    print(
        json.dumps(
            {
                "bench": "metrics",
                "size": size,
                "accounts": len(ids),
                **result,
                "build_s": round(built, 1),
                "rows": rows,
            }
        )
    )


if __name__ == "__main__":
    main()
