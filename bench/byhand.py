"""The standard metrics as one statement that somebody wrote by hand, knowing all about the data.

What its author knows, and the metrics cannot: every day of use has users and events, so the busiest
day never has more users than the distinct ones; days of four weeks fit into the bits of a number.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from standard import CORE, LOGIN

from banso.engine.warehouse import Warehouse

_SQL = """
WITH people AS (
    SELECT account_id, count(*) FILTER (last > $d - 7) AS u7,
        count(*) FILTER (last > $d - 28) AS u28, count(*) FILTER (last > $d - 90) AS u90,
        count(before) AS before
    FROM (
        SELECT account_id, user_key, max(day) AS last,
            max(day) FILTER (day > $d - 56 AND day <= $d - 28) AS before
        FROM user_days WHERE day > $d - 90 AND day <= $d GROUP BY account_id, user_key)
    GROUP BY account_id
), activity AS (
    SELECT account_id, count(*) FILTER (day > $d - 28) AS days, max(day) AS last,
        min(day) <= $d - 28 AS old, sum(events) FILTER (day > $d - 28) AS e28,
        sum(events) FILTER (day > $d - 56 AND day <= $d - 28) AS before,
        sum(events * (44.5 - ($d - day))) FILTER (day > $d - 90) / 60742.5 AS slope
    FROM account_days WHERE day <= $d GROUP BY account_id
), features AS (
    SELECT account_id, count(*) AS features, sum(events) FILTER (feature IN ($login)) AS logins,
        sum(events) FILTER (feature IN ($core)) AS core,
        bit_count(bit_or(days) FILTER (feature IN ($core))) AS core_days
    FROM (
        SELECT account_id, feature, sum(events) AS events, bit_or(1 << ($d - day)) AS days
        FROM feature_days WHERE day > $d - 28 AND day <= $d GROUP BY account_id, feature)
    GROUP BY account_id
), urgent AS (
    SELECT account_id, 100 * count(*) FILTER (priority = 'urgent') / count(*) AS share
    FROM data_tickets WHERE day > $d - 90 AND day <= $d GROUP BY account_id
), waiting AS (
    SELECT account_id, count(*) AS open FROM data_ticket_spans
    WHERE from_day <= $d AND (to_day IS NULL OR to_day > $d) GROUP BY account_id
), voice AS (
    SELECT account_id, avg(score) AS score
    FROM data_nps WHERE day > $d - 180 AND day <= $d GROUP BY account_id
), mood AS (
    SELECT account_id, max(points) AS points FROM data_sentiment_spans
    WHERE from_day <= $d AND (to_day IS NULL OR to_day > $d) GROUP BY account_id
), terms AS (
    SELECT account_id, sum(seats) FILTER (is_addon = 0) AS seats,
        sum(arr) FILTER (is_trial = 0) AS arr
    FROM data_subscription_lines
    WHERE from_day <= $d AND (to_day IS NULL OR to_day > $d) GROUP BY account_id
), joined AS (
    SELECT r.account_id, r.position, coalesce(days, 0) AS days, $d - a.last AS silence,
        coalesce(e28, 0) AS e28, coalesce(a.before, 0) AS e_before, coalesce(slope, 0) AS slope,
        CASE WHEN a.last IS NOT NULL THEN coalesce(u7, 0) END AS u7,
        CASE WHEN a.last IS NOT NULL THEN coalesce(u28, 0) END AS u28,
        CASE WHEN a.last IS NOT NULL THEN coalesce(u90, 0) END AS u90,
        CASE WHEN a.old THEN coalesce(p.before, 0) END AS u_before,
        coalesce(features, 0) AS features, coalesce(logins, 0) AS logins,
        coalesce(core, 0) AS core, coalesce(core_days, 0) AS core_days,
        coalesce(open, 0) AS open, share, score, points,
        coalesce(seats, 0) AS seats, coalesce(arr, 0) AS arr
    FROM requested r LEFT JOIN people p USING (account_id) LEFT JOIN activity a USING (account_id)
    LEFT JOIN features USING (account_id) LEFT JOIN urgent USING (account_id)
    LEFT JOIN waiting USING (account_id) LEFT JOIN voice USING (account_id)
    LEFT JOIN mood USING (account_id) LEFT JOIN terms USING (account_id)
)
SELECT account_id, days::DOUBLE, 100 * u28 / nullif(seats, 0),
    100 * (e28 - e_before) / nullif(e_before, 0), silence::DOUBLE, core_days::DOUBLE,
    features::DOUBLE, open::DOUBLE, share, score, points, u7::DOUBLE, u28::DOUBLE, u90::DOUBLE,
    logins::DOUBLE, e28::DOUBLE, e28 / nullif(u28, 0),
    100.0 * (u28 - u_before) / nullif(u_before, 0), core::DOUBLE, slope, arr
FROM joined ORDER BY position
"""


def statement(day: date) -> str:
    """The SQL for a day; it wants the accounts in a table ``requested`` with their positions."""
    return (
        _SQL.replace("$login", _texts(LOGIN))
        .replace("$core", _texts(CORE))
        .replace("$d", f"DATE '{day}'")
    )


def run(warehouse: Warehouse, requested: pa.Table, day: date) -> pa.Table:
    """The values in the order of ``standard.KEYS`` after the account's id."""
    return warehouse.query(statement(day), requested, dense=True)


def _texts(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
