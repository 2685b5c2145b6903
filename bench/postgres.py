"""The standard metrics of use from raw events in PostgreSQL, against Banso on its roll-ups.

The same events lie in a PostgreSQL table with the indexes that such queries want. One side of it is
one well-written statement for all fourteen metrics, the other one statement per metric as churn
handbooks teach. Values are compared before anything is timed. ``medium`` has a tenth of the
accounts and events of ``full``, whose loading takes long. Prints one JSON object as its last line.

    script/with-postgres .venv/bin/python bench/postgres.py --size small|medium|full
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
from generator import AS_OF, SIZES, Size, prepared
from recompute import KNOWN
from standard import CORE, LOGIN
from timing import medians, seconds

from banso.engine.evaluate import evaluate
from banso.engine.warehouse import Warehouse

ALL_SIZES = {**SIZES, "medium": Size(10_000, 10_000_000)}
ROUNDS = {"small": 5, "medium": 3, "full": 1}

_TABLE = """
CREATE TABLE raw_events (account_id bigint NOT NULL, user_key text NOT NULL, ts timestamp NOT NULL,
    day date NOT NULL, feature text NOT NULL);
"""
_INDEXES = (
    "CREATE INDEX ON raw_events (day)",
    "CREATE INDEX ON raw_events (account_id, day)",
    "VACUUM ANALYZE raw_events",
    "SET work_mem = '256MB'",
)
_SINCE = "FROM raw_events WHERE day <= $d AND day > $d"
_USERS = f"SELECT account_id, count(DISTINCT user_key) {_SINCE} - $n GROUP BY account_id"
_CORE = f"{_SINCE} - 28 AND feature IN ($core) GROUP BY account_id"
_LAST = "SELECT account_id, $d - max(day) FROM raw_events WHERE day <= $d GROUP BY account_id"
_SLOPE = f"SELECT account_id, sum(44.5 - ($d - day)) / 60742.5 {_SINCE} - 90 GROUP BY account_id"
_EVENTS = f"SELECT account_id, count(*) {_SINCE} - 28 GROUP BY account_id"
_BEFORE = (
    "SELECT account_id, $what FROM raw_events WHERE day <= $d - 28 AND day > $d - 56 GROUP BY 1"
)
_PER_USER = _USERS.replace("$n", "28").replace(
    "account_id, count", "account_id, count(*)::float / count"
)


def _growth(what: str) -> str:
    return (
        f"SELECT account_id, 100.0 * (coalesce(n.v, 0) - b.v) / b.v FROM "
        f"(SELECT account_id, {what} AS v {_SINCE} - 28 GROUP BY 1) n RIGHT JOIN "
        f"({_BEFORE.replace('$what', f'{what} AS v')}) b USING (account_id)"
    )


_EACH = {
    "active_days_28d": f"SELECT account_id, count(DISTINCT day) {_SINCE} - 28 GROUP BY 1",
    "usage_trend_28d": _growth("count(*)"),
    "days_since_activity": _LAST,
    "core_days_28d": f"SELECT account_id, count(DISTINCT day) {_CORE}",
    "features_28d": f"SELECT account_id, count(DISTINCT feature) {_SINCE} - 28 GROUP BY 1",
    "active_users_7d": _USERS.replace("$n", "7"),
    "active_users_28d": _USERS.replace("$n", "28"),
    "active_users_90d": _USERS.replace("$n", "90"),
    "logins_28d": f"SELECT account_id, count(*) {_SINCE} - 28 AND feature IN ($login) GROUP BY 1",
    "events_28d": _EVENTS,
    "events_per_user_28d": _PER_USER,
    "user_growth_28d": _growth("count(DISTINCT user_key)"),
    "core_events_28d": f"SELECT account_id, count(*) {_CORE}",
    "usage_slope_90d": _SLOPE,
}
_AT_ONCE = f"""
WITH known AS (
    SELECT account_id, max(day) AS last FROM raw_events WHERE day <= $d GROUP BY 1
), cells AS MATERIALIZED (
    SELECT account_id, day, user_key, feature, count(*) AS n {_SINCE} - 90 GROUP BY 1, 2, 3, 4
), people AS (
    SELECT account_id, count(*) AS u90, count(*) FILTER (WHERE last > $d - 28) AS u28,
        count(*) FILTER (WHERE last > $d - 7) AS u7, count(before) AS before
    FROM (SELECT account_id, user_key, max(day) AS last,
              max(day) FILTER (WHERE day <= $d - 28 AND day > $d - 56) AS before
          FROM cells GROUP BY 1, 2) p GROUP BY 1
), uses AS (
    SELECT account_id, count(DISTINCT day) FILTER (WHERE day > $d - 28) AS days,
        sum(n) FILTER (WHERE day > $d - 28) AS e28,
        sum(n) FILTER (WHERE day <= $d - 28 AND day > $d - 56) AS before,
        count(DISTINCT day) FILTER (WHERE day > $d - 28 AND feature IN ($core)) AS core_days,
        count(DISTINCT feature) FILTER (WHERE day > $d - 28) AS features,
        sum(n) FILTER (WHERE day > $d - 28 AND feature IN ($login)) AS logins,
        sum(n) FILTER (WHERE day > $d - 28 AND feature IN ($core)) AS core,
        sum(n * (44.5 - ($d - day))) / 60742.5 AS slope
    FROM cells GROUP BY 1
)
SELECT account_id, days, 100.0 * (coalesce(e28, 0) - u.before) / u.before, $d - last, core_days,
    features, u7, u28, u90, logins, e28, e28 / nullif(u28, 0),
    100.0 * (coalesce(u28, 0) - p.before) / nullif(p.before, 0), core, slope
FROM known LEFT JOIN uses u USING (account_id) LEFT JOIN people p USING (account_id)
"""


def _ready(sql: str) -> bytes:
    lists = {"$core": CORE, "$login": LOGIN}
    for name, values in lists.items():
        sql = sql.replace(name, ", ".join(f"'{value}'" for value in values))
    return sql.replace("$d", f"DATE '{AS_OF}'").encode()


def fill(connection: psycopg.Connection[Any], path: Path, folder: Path) -> None:
    """The events in PostgreSQL, in the order of their time."""
    rows = folder / "events.csv"
    with duckdb.connect(str(path), read_only=True) as source:
        columns = "SELECT account_id, user_key, ts, day, feature FROM raw_events"
        source.execute(f"COPY ({columns}) TO '{rows}' (HEADER false)")
    connection.execute(_TABLE)
    with (
        rows.open("rb") as file,
        connection.cursor().copy("COPY raw_events FROM STDIN CSV") as copy,
    ):
        while block := file.read(1 << 20):
            copy.write(block)
    for statement in _INDEXES:
        connection.execute(statement.encode())


def values(connection: psycopg.Connection[Any], sql: str, size: Size) -> np.ndarray:
    """Accounts × columns of a statement; what it has no row for is nought."""
    rows = connection.execute(_ready(sql)).fetchall()
    found = np.zeros((size.accounts, len(rows[0]) - 1))
    for account_id, *columns in rows:
        found[account_id - 1] = [float(cell or 0) for cell in columns]
    return found


def each(connection: psycopg.Connection[Any]) -> None:
    """One statement per metric."""
    for sql in _EACH.values():
        connection.execute(_ready(sql)).fetchall()


def measure(path: Path, size: Size, rounds: int, folder: Path, url: str) -> dict[str, Any]:
    """Seconds and ratios of one run."""
    keys = list(_EACH)
    with psycopg.connect(url, autocommit=True) as connection:
        loading = seconds(partial(fill, connection, path, folder))
        with Warehouse.open(path) as warehouse:
            ours = partial(evaluate, warehouse, KNOWN, keys, AS_OF, size.ids)
            table = ours()
            at_once = values(connection, _AT_ONCE, size)
            for i, key in enumerate(keys):
                mine = np.nan_to_num(table[key].to_numpy())
                np.testing.assert_allclose(at_once[:, i], mine, rtol=1e-9, atol=1e-9, err_msg=key)
                one = values(connection, _EACH[key], size)[:, 0]
                np.testing.assert_allclose(one, mine, rtol=1e-9, atol=1e-9, err_msg=key)
            times = medians(
                {
                    "ours": ours,
                    "one_statement": lambda: connection.execute(_ready(_AT_ONCE)).fetchall(),
                    "one_per_metric": lambda: each(connection),
                },
                rounds,
            )
    return {
        "load_s": round(loading, 1),
        **{f"{name}_s": round(value, 4) for name, value in times.items()},
        "one_statement_ratio": round(times["one_statement"] / times["ours"], 1),
        "one_per_metric_ratio": round(times["one_per_metric"] / times["ours"], 1),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=ALL_SIZES, default="small")
    arguments.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "banso-bench"))
    chosen = arguments.parse_args()
    size = ALL_SIZES[chosen.size]
    path = prepared(size, chosen.cache)
    url = os.environ["BANSO_DATABASE_URL"].replace("postgres://", "postgresql://")
    with tempfile.TemporaryDirectory(dir=chosen.cache) as folder:
        result = measure(path, size, ROUNDS[chosen.size], Path(folder), url)
    sizes = {"size": chosen.size, "accounts": size.accounts, "events": size.events}
    print(json.dumps({"bench": "postgres", **sizes, "metrics": len(_EACH), **result}))


if __name__ == "__main__":
    main()
