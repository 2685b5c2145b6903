"""What a person sees who opens the demo: a living company with figures as in the field."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from banso.connectors.demo import DemoFiles, generate
from tests.connectors_demo.picture import Picture

YEAR = timedelta(days=365)


def _check_figures(picture: Picture) -> None:
    for closing in (picture.today, picture.today - YEAR):
        churn, gross, net = picture.retention(closing - YEAR, closing)
        assert 0.085 <= churn <= 0.12
        assert 0.90 <= gross < 0.97
        assert 1.02 <= net <= 1.11
    assert 14 <= picture.renewals(90) <= 26


def _check_bands(picture: Picture) -> None:
    scores = picture.scores()
    healthy = sum(score >= 70 for score in scores.values()) / len(scores)
    danger = sum(score < 40 for score in scores.values()) / len(scores)
    assert 0.55 <= healthy <= 0.70
    assert 0.07 <= danger <= 0.15


def test_retention_renewals_and_bands_are_those_of_a_healthy_vendor(picture: Picture) -> None:
    _check_figures(picture)
    _check_bands(picture)


@pytest.mark.slow
@pytest.mark.parametrize(
    "today", [date(2026, 1, 9), date(2026, 5, 8), date(2026, 8, 21), date(2027, 3, 31)]
)
def test_the_picture_holds_on_any_day_of_the_year(today: date, tmp_path: Path) -> None:
    generate(tmp_path, today=today)
    found = Picture(tmp_path, today)
    _check_figures(found)
    _check_bands(found)


def test_about_two_thirds_of_the_lost_could_be_seen_beforehand(picture: Picture) -> None:
    share = picture.number("SELECT avg(visible::INT) FROM truth WHERE fate = 'lost'")
    assert 0.58 <= share <= 0.75


def _usage_ratio(picture: Picture, *causes: str) -> float:
    """Usage in the last four weeks but ten days, as a share of the level eight months before."""
    wanted = ", ".join(f"'{cause}'" for cause in causes)
    lost = f"""SELECT account_external_id AS account, churn_on::DATE AS churn FROM truth
        WHERE cause IN ({wanted}) AND fate = 'lost' AND churn_on > '2025-08-01'"""
    return picture.number(
        f"""SELECT sum(events) FILTER (day BETWEEN churn - 38 AND churn - 10)
            / sum(events) FILTER (day BETWEEN churn - 248 AND churn - 220)
            FROM usage JOIN ({lost}) USING (account)"""
    )


def test_a_champion_who_leaves_takes_the_usage_with_him(picture: Picture) -> None:
    assert _usage_ratio(picture, "champion_left") < 0.4


def test_slow_disengagement_shows_in_the_usage(picture: Picture) -> None:
    assert _usage_ratio(picture, "slow_disengagement") < 0.6


def test_some_leave_without_a_sign_in_the_usage(picture: Picture) -> None:
    assert _usage_ratio(picture, "price", "competitor", "merger", "bankruptcy") > 0.75


def test_failed_onboarding_never_reaches_the_core(picture: Picture) -> None:
    core = """SELECT count(*) FROM usage JOIN truth ON account = account_external_id
        WHERE cause = 'failed_onboarding'
        AND feature IN ('schedule', 'work_report', 'invoice', 'estimate')"""
    assert picture.number(core) == 0


def test_a_support_crisis_shows_in_tickets(picture: Picture) -> None:
    heated = """SELECT avg((priority IN ('high', 'urgent'))::INT) FROM tickets JOIN truth
        USING (account_external_id) WHERE cause {} 'support_crisis'"""
    assert picture.number(heated.format("=")) > 2 * picture.number(heated.format("<>"))


def test_the_score_falls_before_the_visible_losses(picture: Picture) -> None:
    """Customers lost in the last four weeks, scored six weeks ago."""
    scores = picture.scores(back=45)
    rows = picture.db.execute(
        """SELECT account_external_id, visible FROM truth WHERE churn_on <> ''
           AND churn_on::DATE BETWEEN ?::DATE - 44 AND ?::DATE + 45""",
        [picture.today, picture.today],
    ).fetchall()
    seen = [scores[account] for account, visible in rows if visible and account in scores]
    others = sum(scores.values()) / len(scores)
    assert sum(seen) / len(seen) < others - 15


def _daily(picture: Picture, condition: str) -> float:
    """Events per day of Japanese customers on the days that fulfil a condition."""
    return picture.number(
        f"""SELECT sum(events) / count(DISTINCT day)::DOUBLE FROM usage
            JOIN accounts ON account = external_id
            WHERE country = 'JP' AND isodow(day) <= 5 AND {condition}"""
    )


def test_the_japanese_calendar_shows(picture: Picture) -> None:
    usual = _daily(picture, "month(day) IN (6, 10)")
    assert _daily(picture, "month(day) = 5 AND day(day) BETWEEN 3 AND 5") < 0.25 * usual
    assert _daily(picture, "strftime(day, '%m-%d') IN ('12-30','12-31','01-02')") < 0.15 * usual
    assert _daily(picture, "month(day) = 8 AND day(day) BETWEEN 13 AND 15") < 0.5 * usual
    weekend = picture.number(
        """SELECT sum(events) FILTER (isodow(day) > 5) / sum(events)::DOUBLE FROM usage"""
    )
    assert 0.02 < weekend < 0.2


def test_seasonal_customers_swing_but_stay(picture: Picture) -> None:
    swing = """SELECT min(total) / max(total)::DOUBLE FROM (SELECT account, quarter(day) AS season,
        sum(events) AS total FROM usage JOIN truth ON account = account_external_id
        WHERE cause = '{}' AND day >= DATE '2025-11-20'
        AND account IN (SELECT external_id FROM accounts WHERE customer_since < '2025-06-01')
        GROUP BY 1, 2) GROUP BY account"""
    seasonal, steady = (
        picture.number(f"SELECT median(x) FROM ({swing.format(cause)}) AS s(x)")
        for cause in ("seasonal", "steady")
    )
    assert seasonal < 0.7 * steady
    assert picture.number("SELECT count(*) FROM truth WHERE cause='seasonal' AND fate='lost'") == 0


def test_expanding_customers_fill_their_seats(picture: Picture) -> None:
    full = f"""SELECT avg(users / seats) FROM (SELECT account, count(DISTINCT user_key) AS users
          FROM usage WHERE day >= DATE '{picture.today}' - 28 GROUP BY account)
        JOIN (SELECT account, max(seats)::DOUBLE AS seats FROM lines WHERE end_on IS NULL
          GROUP BY account) USING (account)
        JOIN truth ON account = account_external_id WHERE cause = 'expanding'"""
    assert picture.number(full) > 0.8


def test_there_is_something_to_do_for_everybody(picture: Picture, demo_files: DemoFiles) -> None:
    stages = dict(
        picture.db.execute("SELECT lifecycle, count(*) FROM accounts GROUP BY 1").fetchall()
    )
    assert stages["onboarding"] >= 8
    assert stages["renewal"] >= 10
    assert stages["adoption"] >= 200
    assert stages["churned"] >= 40
    foreign = picture.number("SELECT avg((country <> 'JP')::INT) FROM accounts")
    assert 0.25 < foreign < 0.35
    team = json.loads(demo_files.team.read_text("utf-8"))
    counts = {role: sum(m["role"] == role for m in team) for role in ("admin", "csm", "sales")}
    assert counts == {"admin": 1, "csm": 5, "sales": 3}
    mails = {member["email"] for member in team}
    for column in ("cs_owner_email", "sales_owner_email"):
        owners = picture.db.execute(f"SELECT DISTINCT {column} FROM accounts").fetchall()
        assert {owner for (owner,) in owners} <= mails


def test_a_few_customers_come_back(picture: Picture) -> None:
    returned = picture.number("SELECT count(*) FROM truth WHERE return_on <> ''")
    assert 1 <= returned <= 8
