"""Reads the demo's files back, as the product would, and says what picture they give."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from banso.health.rules.defaults.scorecards import ONBOARDING, STANDARD
from banso.health.rules.reading import parse
from banso.health.rules.scorecard import score

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
        """The scores of the scorecards that come ready, so many days before today."""
        day = self.today - timedelta(days=back)
        rows = self.db.execute(_METRICS.format(day=day)).fetchnumpy()
        standard, first_weeks = (
            score(
                parse(spec), {key: _numbers(rows[key]) for key in parse(spec).metric_keys()}
            ).score
            for spec in (STANDARD, ONBOARDING)
        )
        found = np.where(_numbers(rows["onboarding"]) > 0, first_weeks, standard)
        return {
            str(account): float(points)
            for account, points in zip(rows["account"], found, strict=True)
            if not np.isnan(points)
        }


def _numbers(column: np.ndarray) -> np.ndarray:
    """A column as floats, NaN where it is empty."""
    return np.ma.filled(np.ma.asarray(column, dtype=np.float64), np.nan)


_METRICS = """
WITH live AS (SELECT account, sum(seats) AS seats FROM lines WHERE start_on <= DATE '{day}'
  AND (end_on IS NULL OR end_on > DATE '{day}') AND is_addon = 'false' GROUP BY account),
used AS (SELECT account,
  count(DISTINCT day) FILTER (day > DATE '{day}' - 28) AS active_days_28d,
  count(DISTINCT user_key) FILTER (day > DATE '{day}' - 28) AS users,
  coalesce(sum(events) FILTER (day > DATE '{day}' - 28), 0) AS events,
  sum(events) FILTER (day <= DATE '{day}' - 28 AND day > DATE '{day}' - 56) AS events_before,
  DATE '{day}' - max(day) AS days_since_activity,
  count(DISTINCT feature) FILTER (day > DATE '{day}' - 28) AS features_28d,
  count(DISTINCT day) FILTER (day > DATE '{day}' - 28
    AND feature IN ('schedule', 'work_report', 'invoice', 'estimate')) AS core_days_28d
  FROM usage WHERE day <= DATE '{day}' GROUP BY account),
asked AS (SELECT account_external_id AS account,
  count(*) FILTER (closed_at IS NULL OR closed_at[:10]::DATE > DATE '{day}') AS open_tickets,
  100 * avg((priority = 'urgent')::INT) FILTER (opened_at[:10]::DATE > DATE '{day}' - 90)
    AS urgent_share_90d
  FROM tickets WHERE opened_at[:10]::DATE <= DATE '{day}' GROUP BY 1),
said AS (SELECT account_external_id AS account, avg(score::INT) AS nps_average_180d FROM nps
  WHERE answered_at[:10]::DATE BETWEEN DATE '{day}' - 179 AND DATE '{day}' GROUP BY 1),
felt AS (SELECT account_external_id AS account,
  CASE value WHEN 'good' THEN 100 WHEN 'mixed' THEN 50 ELSE 0 END AS csm_sentiment
  FROM sentiments WHERE from_day <= DATE '{day}'),
touched AS (SELECT account_external_id AS account,
  DATE '{day}' - max(happened_at[:10]::DATE) AS days_since_touch FROM activities
  WHERE kind IN ('call', 'meeting', 'mail') AND happened_at[:10]::DATE <= DATE '{day}' GROUP BY 1)
SELECT account, active_days_28d, 100 * users / seats AS seats_used_share,
  100 * (events / events_before::DOUBLE - 1) AS usage_trend_28d, days_since_activity,
  core_days_28d, features_28d, coalesce(open_tickets, 0) AS open_tickets, urgent_share_90d,
  nps_average_180d, csm_sentiment, days_since_touch,
  (lifecycle = 'onboarding')::INT AS onboarding
FROM live JOIN accounts ON account = external_id LEFT JOIN used USING (account)
LEFT JOIN asked USING (account) LEFT JOIN said USING (account) LEFT JOIN felt USING (account)
LEFT JOIN touched USING (account)
"""
