"""What people decide beside the numbers, and what the numbers raise for people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from banso.accounts.models import Account
from banso.health.selectors.columns import columns
from banso.health.selectors.scores import day_score
from banso.health.services import compute
from banso.health.services.compute import publication
from banso.health.services.judgement import end_override, set_override, set_sentiment
from banso.health.services.scorecards import save_version
from banso.health.types import SignalStatus
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM
from tests.conftest import Open
from tests.health.conftest import Furnished, House, furnish

TODAY = date(2026, 4, 15)


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), customer)


@pytest.fixture
def account(house: House, furnished: Furnished) -> Any:
    """A customer who used the product daily until eight days ago."""
    return Account.objects.get(pk=furnished.made.pk)


def customer(house: House) -> Any:
    found = house.account("Acme", lifecycle="adoption")
    house.line(found, date(2025, 6, 1))
    house.use(found, date(2025, 12, 1), (TODAY - date(2025, 12, 1)).days - 7, users=6)
    compute.refresh_everything()
    return found


def signals(account: Any) -> dict[str, str]:
    from banso.health.models import Signal

    rows = Signal.objects.filter(account=account).order_by("id")
    return dict(rows.values_list("rule__key", "status"))


def entries(account: Any, kind: str) -> list[dict[str, Any]]:
    from banso.accounts.models import Activity

    rows = Activity.objects.filter(account=account, kind=kind).order_by("id")
    return list(rows.values_list("data", flat=True))


def test_an_override_counts_until_its_day_and_hides_nothing(house: Any, account: Any) -> None:
    computed = house.pulse(account).computed_score
    set_override(
        actor=SYSTEM, account=account, score=15, reason="Merger", until=TODAY + timedelta(days=3)
    )
    compute.refresh()
    pulse = house.pulse(account)
    assert (pulse.score, pulse.band) == (15, "danger")
    assert pulse.computed_score == computed
    assert entries(account, "score")[-1]["to_band"] == "danger"
    with house.at(TODAY + timedelta(days=4)):
        compute.refresh()
        after = house.pulse(account)
        assert after.score == after.computed_score


def test_an_override_that_was_ended_counts_no_more(house: Any, account: Any) -> None:
    until = TODAY + timedelta(days=30)
    set_override(actor=SYSTEM, account=account, score=15, reason="Merger", until=until)
    compute.refresh()
    end_override(actor=SYSTEM, account=account)
    compute.refresh()
    pulse = house.pulse(account)
    assert pulse.score == pulse.computed_score


def test_an_override_ended_on_a_pinned_day_stays_ended_when_the_day_runs_again(
    house: Any, account: Any
) -> None:
    pinned = TODAY - timedelta(days=60)
    change_company(actor=SYSTEM, pinned_on=pinned)
    until = pinned + timedelta(days=30)
    set_override(actor=SYSTEM, account=account, score=15, reason="Merger", until=until)
    end_override(actor=SYSTEM, account=account)
    change_company(actor=SYSTEM, pinned_on=None)
    day = day_score(account, pinned + timedelta(days=10))
    assert day is not None
    assert day.override is None


def test_a_sentiment_is_part_of_the_score(house: Any, account: Any) -> None:
    before = house.pulse(account).score
    until = TODAY + timedelta(days=30)
    set_sentiment(actor=SYSTEM, account=account, value="bad", reason="Unhappy", until=until)
    compute.refresh()
    pulse = house.pulse(account)
    assert pulse.measures["csm_sentiment"] == [0, 0]
    assert pulse.score < before


def test_silence_raises_a_signal_that_closes_by_itself(house: Any, account: Any) -> None:
    assert "silence" not in signals(account)
    with house.at(TODAY + timedelta(days=6)):
        compute.refresh()
        assert signals(account)["silence"] == SignalStatus.OPEN
        assert house.pulse(account).risks_open >= 1
    with house.at(TODAY + timedelta(days=8)):
        assert compute.refresh().current.opened == 0
        house.use(account, TODAY + timedelta(days=7), 2)
        compute.refresh()
        assert signals(account)["silence"] == SignalStatus.CLEARED
    told = [entry["event"] for entry in entries(account, "signal") if entry["name_en"] == "Silence"]
    assert told == ["opened", "cleared"]


def test_signals_wait_for_the_history_that_dates_them(house: Any) -> None:
    from banso.health.models import Signal

    found = house.account("Leaving")
    house.line(found, date(2025, 6, 1), term_end_on=date(2026, 6, 1))
    house.use(found, date(2025, 12, 1), (TODAY - date(2025, 12, 1)).days - 60, users=6)
    compute.refresh(fill=False)
    assert house.pulse(found).score < 40
    assert (signals(found), house.pulse(found).risks_open) == ({}, 0)
    compute.fill_and_refresh()
    assert Signal.objects.get(account=found, rule__key="renewal_at_risk").since < TODAY
    assert house.pulse(found).risks_open > 0


def test_signals_of_many_accounts_are_dated_as_those_of_one(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from banso.health.models import Signal

    for silence in (60, 40):
        found = house.account(f"Silent for {silence} days")
        house.line(found, date(2025, 6, 1), term_end_on=date(2026, 6, 1))
        house.use(found, date(2025, 12, 1), (TODAY - date(2025, 12, 1)).days - silence, users=6)
    compute.refresh_everything()
    kept = Signal.objects.order_by("account_id", "rule_id")
    alone = list(kept.values_list("account_id", "rule_id", "since"))
    assert len({account_id for account_id, _rule, _since in alone}) == 2
    assert min(since for _account, _rule, since in alone) < TODAY - timedelta(days=7)
    kept.delete()
    monkeypatch.setattr(publication, "TOGETHER", 1)
    monkeypatch.setattr(publication, "DATED_TOGETHER", 2)
    # Nothing is read of the history any more while a transaction is open.
    monkeypatch.setattr(publication.Dating, "date", _known_beforehand)
    compute.fill_and_refresh()
    assert list(kept.values_list("account_id", "rule_id", "since")) == alone


def _known_beforehand(dating: Any, opened: Any, today: Any) -> None:
    del today
    for signal in opened:
        signal.since = dating.found[signal.account_id, signal.rule_id]


def test_a_signal_that_only_an_import_opened_goes_with_it(house: Any) -> None:
    from banso.usage.models import UsageBatch
    from banso.usage.services.batches import revert_batches
    from banso.workspace.types import SYSTEM

    silent = house.account("Silent")
    house.line(silent, TODAY - timedelta(days=200))
    compute.refresh()
    assert "silence" not in signals(silent)
    house.use(silent, TODAY - timedelta(days=60), 20)
    UsageBatch.objects.update(origin="import:1")
    compute.refresh()
    assert signals(silent)["silence"] == SignalStatus.OPEN
    revert_batches(actor=SYSTEM, origin="import:1")
    compute.refresh()
    assert signals(silent)["silence"] == SignalStatus.CLEARED


def test_who_leaves_is_churned_and_troubles_nobody(house: Any, account: Any) -> None:
    from banso.contracts.models import SubscriptionLine

    SubscriptionLine.objects.filter(account=account).update(end_on=TODAY + timedelta(days=10))
    with house.at(TODAY + timedelta(days=9)):
        compute.refresh()
        account.refresh_from_db()
        assert (account.lifecycle, house.pulse(account).is_customer) == ("adoption", True)
        assert house.pulse(account).risks_open > 0
    with house.at(TODAY + timedelta(days=10)):
        compute.refresh()
        account.refresh_from_db()
        pulse = house.pulse(account)
        assert account.lifecycle == "churned"
        assert (pulse.is_customer, pulse.score, pulse.band, pulse.stake) == (False, None, "", 0)
        assert pulse.risks_open == 0
        assert SignalStatus.OPEN not in signals(account).values()
        assert entries(account, "stage") == [{"from": "adoption", "to": "churned"}]
        house.line(account, TODAY + timedelta(days=10))
        compute.refresh()
        account.refresh_from_db()
        assert account.lifecycle == "adoption"


def test_history_keeps_the_version_that_made_it(house: Any, account: Any) -> None:
    from banso.health.models import Scorecard, ScoreMonth
    from banso.health.selectors.scores import score_series

    card = Scorecard.objects.get(is_default=True)
    spec = dict(card.versions.get(number=1).spec)
    spec["groups"] = [group for group in spec["groups"] if group["key"] == "usage"]
    usage = spec["groups"][0]
    usage["measures"] = [m for m in usage["measures"] if m["key"] == "days_since_activity"]
    before = score_series(account, TODAY - timedelta(days=20), TODAY).scores
    save_version(actor=SYSTEM, scorecard=card, spec=spec, note="Only silence")
    compute.refresh_everything()
    series = score_series(account, TODAY - timedelta(days=20), TODAY)
    assert series.scores[:-1] == before[:-1]
    assert series.scores[-1] != before[-1]
    assert [(day, version.number) for day, version in series.versions] == [(TODAY, 2)]
    assert house.pulse(account).version.number == 2
    numbers = ScoreMonth.objects.filter(month=TODAY.replace(day=1))
    assert set(numbers.values_list("version__number", flat=True)) == {1, 2}


def test_days_under_another_scorecard_stay_with_it(house: Any) -> None:

    found = house.account("Newcomer", lifecycle="onboarding")
    house.line(found, TODAY - timedelta(days=40))
    house.use(found, TODAY - timedelta(days=40), 41)
    compute.refresh_everything()
    assert house.pulse(found).version.scorecard.name_en == "Onboarding"
    later = TODAY + timedelta(days=1)
    with house.at(later):
        found.lifecycle = "adoption"
        found.save()
        compute.refresh_everything()
        before, after = day_score(found, TODAY), day_score(found, later)
        assert before is not None
        assert after is not None
        assert before.version.scorecard.name_en == "Onboarding"
        assert after.version.scorecard.name_en == "Standard"


def test_changes_and_spark_come_from_the_history(house: Any, account: Any) -> None:
    from banso.health.selectors.scores import score_series

    pulse = house.pulse(account)
    series = score_series(account, TODAY - timedelta(days=84), TODAY)
    assert pulse.change_7 == pytest.approx(series.scores[-1] - series.scores[-8], abs=1e-3)
    assert pulse.change_28 == pytest.approx(series.scores[-1] - series.scores[-29], abs=1e-3)
    assert pulse.spark == pytest.approx(series.scores[::7], abs=0.06)
    found = columns([("active_users_28d", 28)])
    assert found.account_ids.tolist() == [account.pk]
    assert found.values("active_users_28d", 28).tolist() == [6]


def test_usage_without_contracts_is_scored_too(house: Any) -> None:
    found, nothing = house.account("Trial"), house.account("Nothing known")
    house.use(found, TODAY - timedelta(days=40), 41)
    compute.refresh()
    assert house.pulse(found).is_customer
    assert house.pulse(found).score is not None
    assert not house.pulse(nothing).is_customer
    assert house.pulse(nothing).score is None


def test_a_metric_that_cannot_be_computed_keeps_no_other_back(house: Any, account: Any) -> None:
    from banso.health.models import Metric

    Metric.objects.filter(key="features_28d").update(
        definition={"kind": "window", "dataset": "gone", "aggregation": "count", "window": 28}
    )
    compute.refresh()
    pulse = house.pulse(account)
    assert "features_28d" not in pulse.metrics
    assert pulse.score is not None
    assert "active_users_28d" in pulse.metrics


def test_scores_as_rows_find_an_account_by_any_name(house: Any, account: Any) -> None:
    from banso.accounts.models import AccountKey
    from banso.kit.errors import NotFoundError

    AccountKey.objects.create(account=account, source="crm", external_id="A-1")
    house.account("Other")
    for reference in ("A-1", "Acme", str(account.uid)):
        (row,) = compute.score_rows(account_ref=reference)
        assert (row["account"], row["name"]) == ("A-1", "Acme")
        assert row["measures"]["active_days_28d"] == 20
    assert len(compute.score_rows()) == 2
    with pytest.raises(NotFoundError):
        compute.score_rows(account_ref="Nobody")
