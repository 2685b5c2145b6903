"""Reads the demo's files back, as the product would, and says what picture they give."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

#: Fixed rates: enough to add up a company that bills in three currencies.
_RATE = "CASE currency WHEN 'USD' THEN 150 WHEN 'EUR' THEN 165 ELSE 1 END"

_VIEWS = """
CREATE TABLE accounts AS SELECT * FROM read_csv('{dir}/accounts.csv', all_varchar=true);
CREATE TABLE contacts AS SELECT * FROM read_csv('{dir}/contacts.csv', all_varchar=true);
CREATE TABLE tickets AS SELECT * FROM read_csv('{dir}/tickets.csv', all_varchar=true);
CREATE TABLE nps AS SELECT * FROM read_csv('{dir}/nps.csv', all_varchar=true);
CREATE TABLE activities AS SELECT * FROM read_csv('{dir}/activities.csv', all_varchar=true);
CREATE TABLE usage AS SELECT * FROM read_csv('{dir}/usage.csv', header=true,
  columns={{'account':'VARCHAR','user_key':'VARCHAR','day':'DATE','feature':'VARCHAR',
            'events':'INTEGER'}});
CREATE TABLE sentiments AS SELECT * FROM read_json('{dir}/sentiments.json');
CREATE TABLE truth AS SELECT * FROM read_json('{dir}/truth.json');
CREATE TABLE lines AS SELECT external_id, account_external_id AS account, product, family, is_addon,
  start_on::DATE AS start_on, end_on::DATE AS end_on, term_end_on::DATE AS term_end_on,
  mrr::DOUBLE AS mrr, mrr::DOUBLE * {rate} AS yen, currency, seats::INTEGER AS seats, is_trial
  FROM read_csv('{dir}/subscriptions.csv', all_varchar=true);
"""


class Picture:
    """The demo company as of its ``today``."""

    def __init__(self, directory: Path, today: date) -> None:
        self.today = today
        self.db = duckdb.connect()
        self.db.execute(_VIEWS.format(dir=directory, rate=_RATE))

    def number(self, sql: str) -> float:
        """The first value of a query."""
        row = self.db.execute(sql).fetchone()
        assert row is not None
        return float(row[0] or 0)

    def income(self, day: date) -> dict[str, float]:
        """Monthly income per paying account on a day, in yen."""
        sql = """SELECT account, sum(yen) FROM lines WHERE is_trial = 'false' AND start_on <= ?
                 AND (end_on IS NULL OR end_on > ?) GROUP BY account"""
        return dict(self.db.execute(sql, [day, day]).fetchall())

    def retention(self, opening: date, closing: date) -> tuple[float, float, float]:
        """Logo churn, gross and net revenue retention of the customers at the opening day."""
        before, after = self.income(opening), self.income(closing)
        lost = sum(account not in after for account in before)
        total = sum(before.values())
        kept = sum(min(income, after.get(account, 0)) for account, income in before.items())
        net = sum(after.get(account, 0) for account in before)
        return lost / len(before), kept / total, net / total

    def renewals(self, days: int) -> int:
        """Accounts with a term that ends within so many days."""
        last = self.today + timedelta(days=days)
        return int(
            self.number(
                f"""SELECT count(DISTINCT account) FROM lines WHERE start_on <= '{self.today}'
                AND (end_on IS NULL OR end_on > '{self.today}') AND is_addon = 'false'
                AND term_end_on > '{self.today}' AND term_end_on <= '{last}'"""
            )
        )

    def scores(self, back: int = 0) -> dict[str, float]:
        """A usual scorecard, so many days before today: trend, silence, seats, features, voice."""
        day = self.today - timedelta(days=back)
        return dict(self.db.execute(_SCORECARD.format(day=day)).fetchall())


def _curve(value: str, *points: tuple[float, float]) -> str:
    """A piecewise linear curve as SQL; it saturates outside its points."""
    (first_x, first_y), (_, last_y) = points[0], points[-1]
    cases = [f"WHEN {value} IS NULL THEN NULL WHEN {value} <= {first_x} THEN {first_y}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        slope = (y1 - y0) / (x1 - x0)
        cases.append(f"WHEN {value} <= {x1} THEN {y0} + ({value} - ({x0})) * ({slope})")
    return f"CASE {' '.join(cases)} ELSE {last_y} END"


_MEASURES = (
    (20, _curve("u.users / l.seats", (0, 0), (0.3, 40), (0.7, 100))),
    (15, _curve("u.now / nullif(u.before, 0) - 1", (-0.7, 0), (-0.4, 40), (0, 85), (0.15, 100))),
    (15, _curve("u.silent", (2, 100), (7, 75), (14, 40), (30, 0))),
    (15, _curve("coalesce(u.core, 0)", (0, 0), (2, 60), (4, 100))),
    (5, _curve("coalesce(u.features, 0)", (1, 0), (8, 100))),
    (10, _curve("coalesce(t.tickets, 0)", (0, 100), (2, 70), (6, 0))),
    (10, _curve("n.score", (0, 0), (6, 40), (8, 75), (10, 100))),
    (10, _curve("s.points", (0, 0), (100, 100))),
)
_POINTS = "+".join(f"coalesce({weight}*({sql}),0)" for weight, sql in _MEASURES)
_WEIGHTS = "+".join(f"if(({sql}) IS NULL, 0, {weight})" for weight, sql in _MEASURES)
_SCORECARD = f"""
WITH l AS (SELECT account, max(seats) AS seats FROM lines WHERE start_on <= DATE '{{day}}'
  AND (end_on IS NULL OR end_on > DATE '{{day}}') AND is_addon='false' GROUP BY account),
u AS (SELECT account,
  count(DISTINCT user_key) FILTER (day >= DATE '{{day}}' - 28) AS users,
  sum(events) FILTER (day >= DATE '{{day}}' - 28) AS now,
  sum(events) FILTER (day < DATE '{{day}}' - 28 AND day >= DATE '{{day}}' - 56) AS before,
  DATE '{{day}}' - max(day) AS silent,
  count(DISTINCT feature) FILTER (day >= DATE '{{day}}' - 28) AS features,
  count(DISTINCT feature) FILTER (day >= DATE '{{day}}' - 28
    AND feature IN ('schedule','work_report','invoice','estimate')) AS core
  FROM usage WHERE day < DATE '{{day}}' GROUP BY account),
t AS (SELECT account_external_id AS account, sum(CASE priority WHEN 'urgent' THEN 2 ELSE 1 END)
  AS tickets FROM tickets WHERE opened_at[:10]::DATE BETWEEN DATE '{{day}}' - 28
  AND DATE '{{day}}' - 1 GROUP BY 1),
n AS (SELECT account_external_id AS account, arg_max(score::INTEGER, answered_at) AS score FROM nps
  WHERE answered_at[:10]::DATE BETWEEN DATE '{{day}}' - 365 AND DATE '{{day}}' - 1 GROUP BY 1),
s AS (SELECT account_external_id AS account, CASE value WHEN 'good' THEN 100 WHEN 'mixed' THEN 50
  ELSE 0 END AS points FROM sentiments WHERE from_day <= DATE '{{day}}')
SELECT l.account, ({_POINTS}) / ({_WEIGHTS}) FROM l LEFT JOIN u USING (account)
LEFT JOIN t USING (account) LEFT JOIN n USING (account) LEFT JOIN s USING (account)
"""
