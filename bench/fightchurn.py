"""The work of a churn handbook, by its own SQL on PostgreSQL and by Banso, with equal results.

Eight counts of events in the 28 days before each of fifteen Sundays: listing 3.3 of “Fighting Churn
With Data”, as PyPI ``fightchurn`` runs it for its simulated network ``socialnet7``. The events are
what that package's ``churnsim.py --config-name socialnet7 init_customers=2900 random_seed=2024``
writes, kept as Parquet with the columns account_id, event_time and event_type_name. Prints one JSON
object as its last line.

    script/with-postgres .venv/bin/python bench/fightchurn.py --events socialnet7.parquet
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg
from timing import peak_mb, seconds

from banso.engine.definitions import Definition
from banso.engine.history import history
from banso.engine.parsing import parse
from banso.engine.warehouse import Warehouse

EVENTS = ("like", "newfriend", "post", "adview", "dislike", "unfriend", "message", "reply")
FIRST, LAST = date(2020, 2, 2), date(2020, 5, 10)
ROUNDS = 7

# The tables and indexes of the package, its schema's name left out.
_SCHEMA = """
CREATE TABLE event (account_id integer NOT NULL, event_time timestamp(6) NOT NULL,
    event_type_id integer NOT NULL, user_id integer, event_value numeric);
CREATE TABLE event_type (event_type_id integer PRIMARY KEY, event_type_name text NOT NULL);
CREATE TABLE metric (account_id integer NOT NULL, metric_time timestamp(6) NOT NULL,
    metric_name_id integer NOT NULL, metric_value real);
"""
_INDEXES = """
CREATE INDEX idx_event_account_id ON event (account_id);
CREATE INDEX idx_event_account_time ON event (account_id, event_time);
CREATE INDEX idx_event_time ON event (event_time);
CREATE INDEX idx_event_type ON event (event_type_id);
CREATE INDEX idx_event_user_account_time ON event (account_id, user_id, event_time);
CREATE INDEX idx_metric_account_id ON metric (account_id);
CREATE UNIQUE INDEX idx_metric_account_time ON metric (account_id, metric_name_id, metric_time);
CREATE INDEX idx_metric_time ON metric (metric_time, metric_name_id);
CREATE INDEX idx_metric_type ON metric (metric_name_id);
ANALYZE;
"""
_LISTING = """
with date_vals AS (
    select i::timestamp as metric_date
    from generate_series('{first}', '{last}', '7 day'::interval) i
)
insert into metric (account_id,metric_time,metric_name_id,metric_value)
select account_id, metric_date, {number}, count(*) AS metric_value
from event e inner join date_vals d
on e.event_time < metric_date
and e.event_time >= metric_date - interval '28 day'
inner join event_type t on t.event_type_id=e.event_type_id
where t.event_type_name='{event}'
group by account_id, metric_date
ON CONFLICT DO NOTHING;
"""
_ROLL_UP = """
INSERT INTO feature_days (account_id, day, feature, events, users, value)
SELECT account_id, CAST(event_time AS DATE) AS day, event_type_name, count(*), 0, NULL
FROM read_parquet(?) GROUP BY ALL ORDER BY day, account_id
"""


def catalogue() -> dict[str, Definition]:
    """One metric per kind of event; the day itself is not counted, as in the handbook."""
    form = {"kind": "window", "dataset": "feature_days", "aggregation": "sum", "column": "events"}
    form |= {"window": 28, "offset": 1}
    return {
        name: parse({**form, "filters": [{"column": "feature", "op": "eq", "value": name}]})
        for name in EVENTS
    }


def ours(warehouse: Warehouse, ids: list[int]) -> np.ndarray:
    """Events × accounts × Sundays."""
    found = history(warehouse, catalogue(), EVENTS, ids, FIRST, LAST)
    return np.stack([found[name][:, ::7] for name in EVENTS])


def fill(connection: psycopg.Connection[Any], events: Path, folder: Path) -> None:
    """The events in PostgreSQL, with the package's indexes."""
    connection.execute(_SCHEMA)
    for number, name in enumerate(EVENTS):
        connection.execute("INSERT INTO event_type VALUES (%s, %s)", [number, name])
    rows = folder / "events.csv"
    numbers = ", ".join(f"'{name}': {number}" for number, name in enumerate(EVENTS))
    duckdb.execute(
        f"COPY (SELECT account_id, event_time, MAP {{{numbers}}}[event_type_name] "
        f"FROM read_parquet('{events}')) TO '{rows}' (HEADER false)"
    )
    copy = "COPY event (account_id, event_time, event_type_id) FROM STDIN CSV"
    with rows.open("rb") as file, connection.cursor().copy(copy) as target:
        while block := file.read(1 << 20):
            target.write(block)
    connection.execute(_INDEXES)
    connection.commit()


def theirs(connection: psycopg.Connection[Any]) -> None:
    """All eight listings, one after another."""
    for number, name in enumerate(EVENTS):
        sql = _LISTING.format(first=FIRST, last=LAST, number=number, event=name)
        connection.execute(sql.encode())
    connection.commit()


def assert_equal(connection: psycopg.Connection[Any], found: np.ndarray, ids: list[int]) -> int:
    """Compare every count; the handbook keeps no row for none. Returns how many there are."""
    expected = np.zeros_like(found)
    place = {account_id: i for i, account_id in enumerate(ids)}
    rows = connection.execute(
        "SELECT metric_name_id, account_id, metric_time, metric_value FROM metric"
    )
    for number, account_id, moment, value in rows:
        expected[number, place[account_id], (moment.date() - FIRST).days // 7] = value
    np.testing.assert_array_equal(found, expected)
    return int(np.count_nonzero(expected))


def measure(events: Path, folder: Path, url: str) -> dict[str, Any]:
    """Seconds of both sides."""
    path = folder / "warehouse.duckdb"
    Warehouse.open(path).close()
    with duckdb.connect(str(path)) as loading:
        roll_up = seconds(lambda: loading.execute(_ROLL_UP, [str(events)]))
        found = loading.execute(
            "SELECT DISTINCT account_id FROM feature_days ORDER BY 1"
        ).fetchall()
    ids = [account_id for (account_id,) in found]
    with Warehouse.open(path) as warehouse, psycopg.connect(url) as connection:
        values = ours(warehouse, ids)
        mine = statistics.median(seconds(lambda: ours(warehouse, ids)) for _ in range(ROUNDS))
        fill(connection, events, folder)
        handbook = seconds(lambda: theirs(connection))
        cells = assert_equal(connection, values, ids)
    return {
        "accounts": len(ids),
        "events": duckdb.execute("SELECT count(*) FROM read_parquet(?)", [str(events)]).fetchall()[
            0
        ][0],
        "dates": (LAST - FIRST) // timedelta(days=7) + 1,
        "equal_values": cells,
        "ours_s": round(mine, 4),
        "roll_up_s": round(roll_up, 3),
        "handbook_s": round(handbook, 2),
        "times_faster": round(handbook / mine),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=Path, required=True)
    chosen = arguments.parse_args()
    url = os.environ["BANSO_DATABASE_URL"].replace("postgres://", "postgresql://")
    with tempfile.TemporaryDirectory() as folder:
        result = measure(chosen.events, Path(folder), url)
    print(
        json.dumps({"bench": "fightchurn", "metrics": len(EVENTS), **result, "peak_mb": peak_mb()})
    )


if __name__ == "__main__":
    main()
