"""The daily roll-ups of the usage facts: per feature, per user and per account.

Within one source, where the same account, day and feature was both counted by the sender and
sent event by event, the greater of each figure counts; the figures of several sources add up.
Users are those whom rows name, each once whatever source names them, or the greatest number that a
sender has counted where that is more. Events of which only the number is kept are events like those
that are kept one by one. A day whose figures are all zero is no use at all and leaves
no row.
"""

from __future__ import annotations

import duckdb

_PIECES = """
CREATE OR REPLACE TEMP TABLE pieces AS
SELECT source, account_id, day, feature, user_key, 'raw' AS kind,
       count(*) AS events, fsum(value) AS value, CAST(NULL AS BIGINT) AS users, max(ts) AS last_ts
FROM raw_events SEMI JOIN touched USING (account_id, day) GROUP BY ALL
UNION ALL
SELECT source, account_id, day, feature, user_key, 'raw',
       CAST(sum(events) AS BIGINT), fsum(value), NULL, NULL
FROM daily_events SEMI JOIN touched USING (account_id, day) GROUP BY ALL
UNION ALL
SELECT source, account_id, day, feature, user_key, 'counted',
       CAST(sum(events) AS BIGINT), fsum(value), max(users), NULL
FROM counted_days SEMI JOIN touched USING (account_id, day) GROUP BY ALL
"""

_FEATURE_DAYS = """
INSERT INTO feature_days
WITH kinds AS (
    SELECT source, account_id, day, feature, sum(events) AS events, fsum(value) AS value
    FROM pieces GROUP BY source, account_id, day, feature, kind
), sources AS (
    SELECT account_id, day, feature, max(events) AS events, max(value) AS value
    FROM kinds GROUP BY source, account_id, day, feature
), sums AS (
    SELECT account_id, day, feature, CAST(sum(events) AS BIGINT) AS events, fsum(value) AS value
    FROM sources GROUP BY account_id, day, feature
), people AS (
    SELECT account_id, day, feature,
           greatest(count(DISTINCT user_key), coalesce(max(users), 0)) AS users
    FROM pieces GROUP BY account_id, day, feature
)
SELECT account_id, day, feature, events, users, value
FROM sums JOIN people USING (account_id, day, feature)
WHERE events > 0 OR users > 0 OR coalesce(value, 0) <> 0
ORDER BY day, account_id, feature
"""

_USER_DAYS = """
INSERT INTO user_days
WITH sources AS (
    SELECT account_id, user_key, day, max(events) AS events
    FROM pieces WHERE user_key IS NOT NULL
    GROUP BY source, account_id, user_key, day, feature
)
SELECT account_id, user_key, day, CAST(sum(events) AS BIGINT) AS events
FROM sources GROUP BY account_id, user_key, day HAVING sum(events) > 0
ORDER BY day, account_id, user_key
"""

_ACCOUNT_DAYS = """
INSERT INTO account_days
WITH features AS (
    SELECT account_id, day, CAST(sum(events) AS BIGINT) AS events, max(users) AS users,
           count(*) AS features
    FROM feature_days SEMI JOIN touched USING (account_id, day) GROUP BY account_id, day
), people AS (
    SELECT account_id, day, count(*) AS users
    FROM user_days SEMI JOIN touched USING (account_id, day) GROUP BY account_id, day
), moments AS (
    SELECT account_id, day, max(last_ts) AS last_ts FROM pieces GROUP BY account_id, day
)
SELECT account_id, day, f.events, greatest(f.users, coalesce(p.users, 0)), f.features, m.last_ts
FROM features f LEFT JOIN people p USING (account_id, day) LEFT JOIN moments m
USING (account_id, day)
ORDER BY day, account_id
"""

ROLLUPS = ("feature_days", "user_days", "account_days")


def refresh(connection: duckdb.DuckDBPyConnection) -> None:
    """Compute anew the roll-ups of the (account, day) pairs in the table ``touched``."""
    for table in ROLLUPS:
        connection.execute(
            f"DELETE FROM {table} r USING touched t "
            "WHERE r.account_id = t.account_id AND r.day = t.day"
        )
    for statement in (_PIECES, _FEATURE_DAYS, _USER_DAYS, _ACCOUNT_DAYS):
        connection.execute(statement)
    connection.execute("DROP TABLE pieces; DROP TABLE touched")
