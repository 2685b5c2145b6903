"""Append events whose keys are new, and add them to the roll-ups instead of computing those anew.

Computing a day anew reads all its events, which a busy customer's day has by the hundred thousand.
Here the daily figures grow by what arrived. That is exact for accounts and days without counts of
the sender: events and values add up, and a user is new to a feature or a day if no earlier event
says otherwise. For days the roll-ups know that; for features
:class:`~banso.engine.warehouse.hot.HotUsers` remembers it of the last days by hashes of 64 bits (of
ten million, two are the same with a chance of one in 300,000). All other accounts and
days, and late events, go the long way of :mod:`banso.engine.warehouse.rollups`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from banso.engine.warehouse import rollups
from banso.engine.warehouse.arrival import conform
from banso.engine.warehouse.hot import HotUsers
from banso.engine.warehouse.schema import FACTS, LIVE, RAW

HOT_DAYS = 2
"""Days, up to the newest seen, whose users are remembered. Events of earlier days are late."""

_OF_FEATURE = "hash(day, account_id, feature, user_key)"

_DELTA = f"""
CREATE OR REPLACE TEMP TABLE delta AS
SELECT *, CASE WHEN user_key IS NOT NULL THEN {_OF_FEATURE} END AS digest FROM (
    SELECT account_id, day, feature, user_key, count(*) AS events, fsum(value) AS value,
           max(ts) AS last_ts
    FROM arrived GROUP BY ALL
)
"""

_LONG_WAY = """
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT account_id, day FROM delta WHERE day < ?
UNION
SELECT DISTINCT account_id, day FROM delta
SEMI JOIN (
    SELECT account_id, day FROM counted_days WHERE day >= ?
    UNION ALL SELECT account_id, day FROM daily_events WHERE day >= ?
) USING (account_id, day);
"""

_ADD = """
CREATE OR REPLACE TEMP TABLE feature_delta AS
WITH added AS (
    SELECT account_id, day, feature, CAST(sum(events) AS BIGINT) AS events, fsum(value) AS value
    FROM delta GROUP BY ALL
), people AS (
    SELECT account_id, day, feature, count(*) AS users
    FROM delta SEMI JOIN new_users USING (digest) GROUP BY ALL
)
SELECT a.*, coalesce(p.users, 0) AS users, f.place
FROM added a LEFT JOIN people p USING (account_id, day, feature)
LEFT JOIN (
    SELECT account_id, day, feature, rowid AS place FROM feature_days WHERE day >= DATE '{hot}'
) f USING (account_id, day, feature);
UPDATE feature_days f SET events = f.events + d.events, users = f.users + d.users,
    value = CASE WHEN d.value IS NULL THEN f.value ELSE coalesce(f.value, 0) + d.value END
FROM feature_delta d WHERE f.rowid = d.place AND f.day >= DATE '{hot}';
INSERT INTO feature_days SELECT account_id, day, feature, events, users, value
FROM feature_delta WHERE place IS NULL ORDER BY day, account_id, feature;

CREATE OR REPLACE TEMP TABLE user_delta AS
WITH added AS (
    SELECT account_id, user_key, day, CAST(sum(events) AS BIGINT) AS events
    FROM delta WHERE user_key IS NOT NULL GROUP BY ALL
)
SELECT a.*, u.place FROM added a
LEFT JOIN (
    SELECT account_id, user_key, day, rowid AS place FROM user_days WHERE day >= DATE '{hot}'
) u USING (account_id, user_key, day);
UPDATE user_days u SET events = u.events + d.events
FROM user_delta d WHERE u.rowid = d.place AND u.day >= DATE '{hot}';
INSERT INTO user_days SELECT account_id, user_key, day, events
FROM user_delta WHERE place IS NULL ORDER BY day, account_id, user_key;

CREATE OR REPLACE TEMP TABLE account_delta AS
WITH added AS (
    SELECT account_id, day, CAST(sum(events) AS BIGINT) AS events, max(last_ts) AS last_ts
    FROM delta GROUP BY ALL
), features AS (
    SELECT account_id, day, count(*) AS features FROM feature_delta WHERE place IS NULL
    GROUP BY ALL
), people AS (
    SELECT account_id, day, count(*) AS users FROM user_delta WHERE place IS NULL GROUP BY ALL
)
SELECT a.*, coalesce(f.features, 0) AS features, coalesce(p.users, 0) AS users, d.place
FROM added a LEFT JOIN features f USING (account_id, day) LEFT JOIN people p USING (account_id, day)
LEFT JOIN (
    SELECT account_id, day, rowid AS place FROM account_days WHERE day >= DATE '{hot}'
) d USING (account_id, day);
UPDATE account_days a SET events = a.events + d.events, users = a.users + d.users,
    features = a.features + d.features, last_ts = greatest(a.last_ts, d.last_ts)
FROM account_delta d WHERE a.rowid = d.place AND a.day >= DATE '{hot}';
INSERT INTO account_days SELECT account_id, day, events, users, features, last_ts
FROM account_delta WHERE place IS NULL ORDER BY day, account_id;
"""


def append(
    connection: duckdb.DuckDBPyConnection,
    batches: Sequence[tuple[int, pa.Table]],
    hot: HotUsers,
) -> None:
    """Take batches of new events in, inside the caller's transaction; known ones are left alone.

    Args:
        hot: what is remembered of the last days; to be forgotten if the transaction fails.
        batches: (id, rows of raw events); no key in them is held by any other live batch.

    Raises:
        InvalidInputError: a table does not have the columns of raw events.
    """
    missing = _missing(connection, [batch_id for batch_id, _ in batches])
    new = [(batch_id, table) for batch_id, table in batches if batch_id in missing]
    _note_empty(connection, [batch_id for batch_id, table in new if not table.num_rows])
    tables = [_conformed(batch_id, table) for batch_id, table in new if table.num_rows]
    if not tables:
        return
    arrived = pa.concat_tables(tables)
    connection.register("arrived", arrived)
    try:
        _append(connection, arrived, hot)
    finally:
        connection.unregister("arrived")


def merge(connection: duckdb.DuckDBPyConnection, former: Sequence[int], batch_id: int) -> None:
    """Give the rows of several live batches the number of one, in the caller's transaction."""
    given = [list(former)]
    old = "batch_id IN (SELECT unnest(?::BIGINT[]))"
    connection.execute(f"UPDATE raw_events SET batch_id = {int(batch_id)} WHERE {old}", given)
    connection.execute(
        f"INSERT INTO loaded_batches SELECT {int(batch_id)}, '{LIVE}', sum(new), 0, 0 "
        f"FROM loaded_batches WHERE {old}",
        given,
    )
    connection.execute(f"DELETE FROM loaded_batches WHERE {old}", given)


def _missing(connection: duckdb.DuckDBPyConnection, batch_ids: Sequence[int]) -> set[int]:
    rows = connection.execute(
        "SELECT batch_id FROM loaded_batches WHERE batch_id IN (SELECT unnest(?::BIGINT[]))",
        [list(batch_ids)],
    ).fetchall()
    return set(batch_ids) - {row[0] for row in rows}


def _note_empty(connection: duckdb.DuckDBPyConnection, batch_ids: Sequence[int]) -> None:
    """Batches whose rows were all erased are in, too."""
    for batch_id in batch_ids:
        connection.execute("INSERT INTO loaded_batches VALUES (?, ?, 0, 0, 0)", [batch_id, LIVE])


def _conformed(batch_id: int, table: pa.Table) -> pa.Table:
    fact = FACTS[RAW]
    rows = conform(f"batch {batch_id}", table, fact.columns, fact.required)
    ids = pa.array([batch_id] * rows.num_rows, pa.int64())
    return rows.append_column("batch_id", ids)


def _append(connection: duckdb.DuckDBPyConnection, arrived: pa.Table, hot: HotUsers) -> None:
    names = ", ".join(FACTS[RAW].columns)
    first = _remember_users(connection, hot, pc.max(arrived["day"]).as_py())
    connection.execute(
        f"INSERT INTO raw_events ({names}, batch_id) SELECT {names}, batch_id FROM arrived "
        "ORDER BY day, ts"
    )
    connection.execute(
        "INSERT INTO loaded_batches SELECT batch_id, ?, count(*), 0, 0 FROM arrived GROUP BY 1",
        [LIVE],
    )
    connection.execute(_DELTA)
    connection.execute(_LONG_WAY, [first, first, first])
    (late,) = connection.execute("SELECT count(*) FROM touched").fetchone() or (0,)
    if late:
        connection.execute(
            "DELETE FROM delta d USING touched t "
            "WHERE d.account_id = t.account_id AND d.day = t.day"
        )
    seen = connection.execute("SELECT day, digest FROM delta WHERE digest IS NOT NULL")
    new_users = pa.table({"digest": _note_users(hot, seen.to_arrow_table())})
    connection.register("new_users", new_users)
    try:
        connection.execute(_ADD.format(hot=first))
    finally:
        connection.unregister("new_users")
    if late:
        # Users of accounts with counts of the sender may come on hot days too.
        of_late = "arrived SEMI JOIN touched USING (account_id, day)"
        _note_users(hot, _users(connection, f"{of_late} WHERE day >= DATE '{first}'"))
        rollups.refresh(connection)
    else:
        connection.execute("DROP TABLE touched")


def _remember_users(connection: duckdb.DuckDBPyConnection, hot: HotUsers, newest: date) -> date:
    """Have the users of the last days at hand; returns the first of those days.

    Called before the rows that arrive are added to the raw events.
    """
    first = newest - timedelta(days=HOT_DAYS - 1)
    if hot.since is None:
        first = max(first, _newest_day(connection, newest) - timedelta(days=HOT_DAYS - 1))
        hot.begin(first)
        _note_users(hot, _users(connection, f"raw_events WHERE day >= DATE '{first}'"))
    elif hot.since < first:
        hot.begin(first)
    return hot.since or first


def _newest_day(connection: duckdb.DuckDBPyConnection, otherwise: date) -> date:
    row = connection.execute("SELECT max(day) FROM account_days").fetchone()
    return row[0] if row and row[0] else otherwise


def _users(connection: duckdb.DuckDBPyConnection, rows: str) -> pa.Table:
    """The digests of the users of raw events per day and feature."""
    return connection.execute(
        f"SELECT DISTINCT day, {_OF_FEATURE} AS digest FROM {rows} AND user_key IS NOT NULL"
    ).to_arrow_table()


def _note_users(hot: HotUsers, seen: pa.Table) -> NDArray[np.uint64]:
    """Remember users; returns the digests of those that are new."""
    found = [np.empty(0, dtype=np.uint64)]
    for day in pc.unique(seen["day"]).to_pylist():
        digests = seen["digest"].filter(pc.equal(seen["day"], pa.scalar(day))).to_numpy()
        found.append(hot.unseen(day, digests))
        hot.add(day, found[-1])
    return np.concatenate(found)
