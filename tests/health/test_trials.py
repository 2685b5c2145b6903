"""What a draft would find is known before it is saved, and trying it writes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from banso.health.models import Metric, Signal, SignalRule
from banso.health.services import compute
from banso.health.services.signal_rules import create_rule
from banso.health.services.trials import start_metric_trial, start_rule_trial
from banso.kit.errors import ForbiddenError, InvalidInputError
from banso.workspace.services import jobs
from banso.workspace.types import SYSTEM, Actor, Role
from tests.conftest import Open
from tests.health.conftest import Furnished, House, furnish

TODAY = date(2026, 4, 15)


def event_days(aggregation: str, column: str | None = None) -> dict[str, Any]:
    return {
        "kind": "window",
        "dataset": "account_days",
        "aggregation": aggregation,
        "column": column,
        "filters": [],
        "window": 10,
        "offset": 0,
    }


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), two_customers)


@pytest.fixture
def used(house: House) -> House:
    """One account with use on each of the last ten days, one on the first three of them."""
    return house


def two_customers(house: House) -> None:
    for name, days in (("Busy", 10), ("Fading", 3)):
        account = house.account(name)
        house.line(account, TODAY - timedelta(days=200))
        house.use(account, TODAY - timedelta(days=9), days, users=2)
    compute.refresh()


def result_of(job: Any) -> dict[str, Any]:
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    result: dict[str, Any] = job.result
    return result


def named(pairs: list[list[float]]) -> dict[str, float]:
    from banso.accounts.models import Account

    names = dict(Account.objects.values_list("pk", "name"))
    return {names[pk]: value for pk, value in pairs}


@pytest.mark.parametrize(
    ("aggregation", "column", "busy", "fading"),
    [
        ("count", None, 10, 3),
        ("sum", "events", 40, 12),
        ("average", "users", 2, 2),
        ("distinct", "day", 10, 3),
        ("maximum", "events", 4, 4),
        ("days_since_last", None, 0, 7),
        ("latest", "events", 4, 4),
        ("slope", "events", 0, None),
    ],
)
def test_a_metric_has_values_before_it_is_saved(
    used: Any, aggregation: str, column: str | None, busy: float, fading: float | None
) -> None:
    before = Metric.objects.count()
    job = start_metric_trial(actor=SYSTEM, key="", definition=event_days(aggregation, column))
    found = result_of(job)
    values = named(found["lowest"])
    assert values["Busy"] == pytest.approx(busy)
    if fading is not None:
        assert values["Fading"] == pytest.approx(fading)
    assert found["spread"][:2] == [2, 2]
    assert Metric.objects.count() == before


def test_a_metric_that_makes_no_sense_is_refused_before_the_worker_is_asked(used: Any) -> None:
    wrong = event_days("sum", "nothing")
    with pytest.raises(InvalidInputError) as caught:
        start_metric_trial(actor=SYSTEM, key="", definition=wrong)
    assert "column" in caught.value.fields
    itself = {"kind": "change", "of": "logins_28d", "days": 7, "mode": "absolute", "scale": 1}
    with pytest.raises(InvalidInputError):
        start_metric_trial(actor=SYSTEM, key="logins_28d", definition=itself)


def test_a_rule_names_the_accounts_it_would_hit(used: Any) -> None:
    silent = {"all": [{"metric": "days_since_activity", "op": "gte", "value": 5}], "show": []}
    found = result_of(start_rule_trial(actor=SYSTEM, conditions=silent))
    assert (found["customers"], found["matched"], found["new"], found["gone"]) == (2, 1, 1, 0)
    ((account_id, new, evidence),) = found["rows"]
    assert named([[account_id, 0]]) == {"Fading": 0}
    assert new
    assert evidence["days_since_activity"] == [7.0, None]
    assert not SignalRule.objects.filter(key="draft").exists()


def test_a_changed_rule_is_compared_with_the_signals_it_has_open(used: Any) -> None:
    conditions = {"all": [{"metric": "days_since_activity", "op": "gte", "value": 5}], "show": []}
    names = {"name_ja": "沈黙", "name_en": "Silent"}
    rule = create_rule(actor=SYSTEM, key="silent_5", conditions=conditions, **names)
    compute.refresh()
    assert Signal.objects.filter(rule=rule).count() == 1
    everybody = {"all": [{"metric": "days_since_activity", "op": "gte", "value": 0}], "show": []}
    found = result_of(start_rule_trial(actor=SYSTEM, conditions=everybody, rule=rule))
    assert (found["matched"], found["new"], found["gone"]) == (2, 1, 0)
    nobody = {"all": [{"metric": "days_since_activity", "op": "gte", "value": 50}], "show": []}
    found = result_of(start_rule_trial(actor=SYSTEM, conditions=nobody, rule=rule))
    assert (found["matched"], found["new"], found["gone"]) == (0, 0, 1)
    assert Signal.objects.filter(rule=rule, status="open").count() == 1


def test_a_rule_over_time_is_tried_on_the_days_it_asks_for(used: Any) -> None:
    lasting = {"metric": "days_since_activity", "op": "gte", "value": 3, "for_days": 4}
    found = result_of(start_rule_trial(actor=SYSTEM, conditions={"all": [lasting], "show": []}))
    assert found["matched"] == 1


def test_only_who_designs_may_try(used: Any) -> None:
    csm = Actor("user", Role.CSM, 1)
    with pytest.raises(ForbiddenError):
        start_metric_trial(actor=csm, key="", definition=event_days("count"))
