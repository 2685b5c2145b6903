"""The score of any day taken apart, its history, and the rows behind a metric."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from banso.accounts.models import Account
from banso.health.selectors.metric_rows import metric_rows
from banso.health.selectors.metrics import metric_by_key
from banso.health.selectors.scores import change, day_score, last_judged_day, score_series
from banso.health.services import compute
from banso.health.services.judgement import set_override
from banso.workspace.types import SYSTEM
from tests.conftest import Open
from tests.health.conftest import Furnished, House, furnish

TODAY = date(2026, 4, 15)


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), quiet_customer)


@pytest.fixture
def account(house: House, furnished: Furnished) -> Any:
    """A customer since 1 June 2025 whose use stopped four weeks ago."""
    return Account.objects.get(pk=furnished.made.pk)


def quiet_customer(house: House) -> Any:
    account = house.account("Quiet")
    house.line(account, date(2025, 6, 1), seats=20)
    house.use(account, TODAY - timedelta(days=119), 92, users=4)
    compute.refresh_everything()
    return account


def test_parts_of_any_day_sum_to_its_score(account: Any) -> None:
    for back in (0, 1, 30, 100):
        found = day_score(account, TODAY - timedelta(days=back))
        assert found is not None
        assert found.computed == pytest.approx(
            sum(step.contribution for step in found.steps), abs=1e-3
        )
        lost = sum(step.lost for step in found.steps)
        assert found.computed + lost == pytest.approx(100, abs=1e-3)


def test_today_is_what_lists_show(account: Any, house: Any) -> None:
    pulse, found = house.pulse(account), day_score(account, TODAY)
    assert found is not None
    assert (found.score, found.band, found.coverage) == (pulse.score, pulse.band, pulse.coverage)


def test_nothing_is_known_of_days_without_the_customer(account: Any) -> None:
    assert day_score(account, date(2025, 5, 31)) is None
    assert day_score(account, TODAY + timedelta(days=1)) is None
    assert last_judged_day(account) == TODAY


def test_a_score_set_by_hand_counts_from_its_day_and_hides_nothing(account: Any) -> None:
    computed = day_score(account, TODAY).computed  # type: ignore[union-attr]
    set_override(
        actor=SYSTEM, account=account, score=90, reason="x", until=TODAY + timedelta(days=5)
    )
    found, before = day_score(account, TODAY), day_score(account, TODAY - timedelta(days=1))
    assert found is not None
    assert before is not None
    assert (found.score, found.computed, found.band) == (90, computed, "healthy")
    assert before.override is None
    series = score_series(account, TODAY - timedelta(days=3), TODAY)
    assert series.scores[-1] == 90
    assert series.computed[-1] == pytest.approx(computed)
    parts = change(before, found).explanation.parts
    assert parts[-1].cause == "override"


def test_the_history_has_one_entry_a_day_and_no_turn_without_an_edit(account: Any) -> None:
    series = score_series(account, date(2025, 5, 30), TODAY)
    assert len(series.days) == len(series.scores) == (TODAY - date(2025, 5, 30)).days + 1
    assert series.scores[:2] == [None, None]
    assert series.versions == []


def rows(account: Any, key: str, day: date = TODAY) -> list[Any]:
    return metric_rows(account, metric_by_key(key), day)


def test_the_rows_are_those_of_the_days_that_count(account: Any) -> None:
    last_use = TODAY - timedelta(days=28)
    (part,) = rows(account, "active_days_28d", last_use)
    assert (part.first, part.last) == (last_use - timedelta(days=27), last_use)
    assert len(part.rows) == 28
    assert sum(row["events"] for row in part.rows) == 28 * 4 * 2
    (now,) = rows(account, "active_days_28d")
    assert now.rows == []


def test_a_change_shows_both_spans_and_a_share_both_sides(account: Any) -> None:
    spans = {(part.first, part.last) for part in rows(account, "usage_trend_28d")}
    before = TODAY - timedelta(days=28)
    assert spans == {
        (TODAY - timedelta(days=27), TODAY),
        (before - timedelta(days=27), before),
    }
    datasets = {part.leaf.dataset for part in rows(account, "seats_used_share")}
    assert {"user_days", "subscription_lines"} <= datasets
    (seats,) = rows(account, "seats")
    assert [row["seats"] for row in seats.rows] == [20]
