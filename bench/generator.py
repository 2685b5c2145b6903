"""A warehouse of synthetic usage for the other benchmarks: heavy-tailed accounts, one year.

Everything is drawn from hashes of what it belongs to, so that the same size gives the same rows on
any number of cores. Raw events lie in the order of their time, roll-ups by day and account, as a
worker would have left them. The file is kept under ``--cache`` and built only once. Prints one
JSON object as its last line.

    .venv/bin/python bench/generator.py --size small|full --cache /tmp/banso-bench
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
from customers import fill_datasets
from standard import FEATURES

from banso.engine.warehouse import Warehouse
from banso.engine.warehouse.schema import VERSION

AS_OF = date(2026, 6, 30)
DAYS = 365
FIRST_DAY = AS_OF - timedelta(days=DAYS - 1)
CHUNK_EVENTS = 2_500_000


@dataclass(frozen=True)
class Size:
    """How many accounts, and how many events they send in the year."""

    accounts: int
    events: int

    @property
    def ids(self) -> list[int]:
        """The ids of all accounts."""
        return list(range(1, self.accounts + 1))


SIZES = {"small": Size(1_000, 1_000_000), "full": Size(100_000, 100_000_000)}

# An account of s seats is drawn with P(seats > s) ~ s^-1.33; three in ten begin within the year,
# one in eight falls silent. Each weekday a user comes with the account's own probability.
_PEOPLE = """
CREATE TEMP MACRO chance(a, b) AS hash(a, b) / 18446744073709551616.0;
CREATE TEMP TABLE people AS
WITH accounts AS (
    SELECT CAST(range AS INTEGER) AS account_id, CAST(pow(chance(range, 'seats'), -0.75) AS INTEGER)
        AS seats, 0.03 + 0.35 * pow(chance(range, 'share'), 1.5) AS share,
        CAST({days} * (chance(range, 'begin') - 0.7) / 0.3 AS INTEGER) AS begins,
        CAST({days} * chance(range, 'end') * 8 AS INTEGER) AS ends,
        CAST(2 + floor({features} * chance(range, 'breadth')) AS INTEGER) AS breadth
    FROM range(1, {accounts} + 1)
)
SELECT CAST(row_number() OVER (ORDER BY account_id, n.range) AS INTEGER) AS user_no,
    account_id, share, begins, ends, breadth
FROM accounts, range(100000) n WHERE n.range < seats;
"""
_ACTIVE = """
CREATE TEMP TABLE active AS
SELECT d, account_id, user_no, breadth FROM (SELECT CAST(range AS INTEGER) AS d FROM range({days}))
JOIN people ON d >= begins AND d < ends
WHERE chance(user_no, d) < share * (CASE WHEN dayofweek(DATE '{first}' + d) IN (0, 6)
    THEN 0.2 ELSE 1 END)
ORDER BY d, user_no
"""
_STAGE = """
CREATE OR REPLACE TEMP TABLE came AS
SELECT *, 1 + CAST(floor({mean} * -ln(1 - chance(user_no, -1 - d)) + chance(d, -user_no))
    AS INTEGER) AS events, 'usr_' || to_hex(hash(user_no) >> 16) AS user_key,
    DATE '{first}' + d AS day
FROM active WHERE d >= {begin} AND d < {end};
CREATE OR REPLACE TEMP TABLE sent AS
SELECT d, account_id, user_no, user_key, day, i, h, CASE WHEN i = 0 THEN 0
    ELSE 1 + CAST(floor((breadth - 1) * pow((h & 65535) / 65536.0, 2)) AS INTEGER) END AS feature
FROM (SELECT *, hash(user_no, d, i) AS h
      FROM (SELECT *, unnest(range(events)) AS i FROM came));
"""
_RAW = """
INSERT INTO raw_events
    (source, message_key, account_id, user_key, ts, day, feature, value, batch_id)
SELECT 'bench', to_hex(h), account_id, user_key,
    day + to_microseconds(CAST(28800000000 + (h >> 16) % 39600000000 AS BIGINT)) AS ts, day,
    ({names})[feature + 1],
    CASE WHEN feature = 3 THEN (h >> 20) % 10000 / 100.0 END, {batch}
FROM sent ORDER BY ts;
INSERT INTO loaded_batches (batch_id, kind, new, unchanged, changed)
SELECT {batch}, 'raw', count(*), 0, 0 FROM sent;
"""
_ROLLUPS = """
INSERT INTO user_days (account_id, user_key, day, events)
SELECT account_id, user_key, day, events FROM came ORDER BY day, account_id, user_key;
INSERT INTO feature_days (account_id, day, feature, events, users, value)
SELECT account_id, day, ({names})[feature + 1], sum(events), count(*), fsum(value)
FROM (SELECT account_id, day, feature, user_no, count(*) AS events,
          fsum(CASE WHEN feature = 3 THEN (h >> 20) % 10000 / 100.0 END) AS value
      FROM sent GROUP BY ALL)
GROUP BY account_id, day, feature ORDER BY day, account_id, feature;
INSERT INTO account_days (account_id, day, events, users, features, last_ts)
SELECT account_id, day, events, users, features, day + to_microseconds(last)
FROM (SELECT account_id, day, count(*) AS events, count(DISTINCT feature) AS features,
          max(CAST(28800000000 + (h >> 16) % 39600000000 AS BIGINT)) AS last
      FROM sent GROUP BY ALL)
JOIN (SELECT account_id, day, count(*) AS users FROM came GROUP BY ALL) USING (account_id, day)
ORDER BY day, account_id;
"""


def prepared(size: Size, cache: Path) -> Path:
    """The warehouse file of a size, built if the cache does not have it."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"usage-{size.accounts}-{size.events}-v{VERSION}.duckdb"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            unfinished = Path(folder, path.name)
            _build(size, unfinished)
            unfinished.rename(path)
    return path


def _build(size: Size, path: Path) -> None:
    Warehouse.open(path).close()
    with duckdb.connect(str(path), config={"memory_limit": "4GB"}) as connection:
        connection.execute("SET temp_directory = ?", [str(path.parent)])
        connection.execute("SET checkpoint_threshold = '1GB'")
        _fill_usage(connection, size)
    with Warehouse.open(path) as warehouse:
        fill_datasets(warehouse, size.ids, FIRST_DAY, DAYS)


def _fill_usage(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    shape = {"days": DAYS, "first": FIRST_DAY, "accounts": size.accounts}
    connection.execute(_PEOPLE.format(**shape, features=len(FEATURES) - 1))
    connection.execute(_ACTIVE.format(**shape))
    row = connection.execute("SELECT count(*) FROM active").fetchone()
    mean = size.events / (row[0] if row else 1) - 1
    step = max(1, CHUNK_EVENTS * DAYS // size.events)
    for batch, begin in enumerate(range(0, DAYS, step), 1):
        span = {"begin": begin, "end": begin + step, "first": FIRST_DAY, "mean": mean}
        connection.execute(_STAGE.format(**span))
        for statement in (_RAW, _ROLLUPS):
            connection.execute(statement.format(names=list(FEATURES), batch=batch))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="small")
    arguments.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "banso-bench"))
    chosen = arguments.parse_args()
    start = time.perf_counter()
    path = prepared(SIZES[chosen.size], chosen.cache)
    built = time.perf_counter() - start
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = ("raw_events", "user_days", "feature_days", "account_days")
        rows = {name: connection.table(name).shape[0] for name in tables}
    print(
        json.dumps(
            {
                "bench": "generator",
                "size": chosen.size,
                "build_s": round(built, 1),
                "file_gb": round(os.path.getsize(path) / 1e9, 2),
                "rows": rows,
            }
        )
    )


if __name__ == "__main__":
    main()
