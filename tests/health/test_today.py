"""Today: the accounts that need somebody, in the order of what is at stake."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.health.selectors.today import Scope, summary, today
from banso.kit import clock
from banso.kit.money import Money
from banso.workspace.types import SYSTEM, Actor, Role

TODAY = date(2026, 4, 15)
LEADER = Actor("user", Role.LEADER, None)


@pytest.fixture
def people_and_rules(db: None, stopped_clock: Any, people: dict[str, Any]) -> dict[str, Any]:
    from banso.health.services.install import install_defaults

    install_defaults()
    return people


def put(name: str, owner: Any = None, side: str = "cs_owner", **pulse: Any) -> Any:
    from banso.accounts.models import Account
    from banso.health.models import Pulse

    now = clock.now()
    found = Account.objects.create(name=name, created_at=now, updated_at=now, **{side: owner})
    values = {"is_customer": True, "currency": "JPY", "updated_at": now, "as_of": TODAY, **pulse}
    Pulse.objects.create(account=found, **values)
    return found


def raise_signal(account: Any, key: str, **values: Any) -> Any:
    from banso.health.models import Pulse, Signal, SignalRule

    rule = SignalRule.objects.get(key=key)
    column = "risks_open" if rule.direction == "risk" else "opportunities_open"
    Pulse.objects.filter(pk=account.pk).update(**{column: 1})
    fields = {"since": TODAY, "last_seen_on": TODAY, "created_at": clock.now(), **values}
    return Signal.objects.create(account=account, rule=rule, **fields)


def test_a_csm_sees_his_own_accounts_by_stake(people_and_rules: dict[str, Any]) -> None:
    csm = people_and_rules["csm"]
    small = put("Small", csm, score=20, band="danger", stake=100, arr_minor=120)
    large = put("Large", csm, score=50, band="caution", stake=900, arr_minor=9_000)
    other = put("Other's", None, score=10, band="danger", stake=5_000)
    for account in (small, large, other):
        raise_signal(account, "silence", evidence={"days_since_activity": [21, None]})
    put("Fine", csm, score=90, band="healthy", stake=50)
    found = today(Actor("user", Role.CSM, csm.pk))
    assert (found.scope, found.total) == (Scope.MINE, 2)
    assert [item.name for item in found.items] == ["Large", "Small"]
    reason = found.items[0].reasons[0]
    assert (reason.name_en, reason.severity, reason.since) == ("Silence", 3, TODAY)
    assert reason.advice_ja
    (number,) = reason.evidence
    assert (number.key, number.value, number.unit) == ("days_since_activity", 21, "days")
    assert found.items[0].next_step == "signal"


def test_a_graver_reason_lifts_an_account(people_and_rules: dict[str, Any]) -> None:
    light, grave = put("Light", stake=1_000), put("Grave", stake=900)
    raise_signal(light, "usage_falls")
    raise_signal(grave, "silence")
    assert [item.name for item in today(LEADER, whole_week=True).items] == ["Grave", "Light"]


def test_sales_sees_what_can_grow_first(people_and_rules: dict[str, Any]) -> None:
    sales = people_and_rules["sales"]
    risky = put("Risky", sales, "sales_owner", stake=9_000)
    growing = put("Growing", sales, "sales_owner", stake=10, score=95, band="healthy")
    raise_signal(risky, "silence")
    raise_signal(growing, "seats_nearly_full")
    found = today(Actor("user", Role.SALES, sales.pk))
    assert [item.name for item in found.items] == ["Growing", "Risky"]


def test_near_renewals_and_falls_are_reasons_of_their_own(
    people_and_rules: dict[str, Any],
) -> None:
    put("Renews", score=50, band="caution", renewal_on=TODAY + timedelta(days=25), stake=3)
    put("Renews well", score=90, band="healthy", renewal_on=TODAY + timedelta(days=25))
    put("Fell", score=60, band="caution", band_7="healthy", change_7=-12, stake=2)
    put("By a hair", score=69, band="caution", band_7="healthy", change_7=-2, stake=2)
    put("Gone", is_customer=False, score=None, change_7=-50, stake=9)
    found = {item.name: item for item in today(LEADER, whole_week=True).items}
    assert set(found) == {"Renews", "Fell"}
    assert (found["Renews"].next_step, found["Renews"].renewal_in_days) == ("renewal", 25)
    (fall,) = found["Fell"].reasons
    assert (fall.kind, fall.severity) == ("score", 2)
    assert (fall.evidence[0].value, fall.evidence[0].before) == (60, 72)


def test_snoozed_signals_are_no_reason(people_and_rules: dict[str, Any]) -> None:
    from banso.health.models import Pulse

    account = put("Asleep", stake=5)
    raise_signal(account, "silence", status="snoozed", snoozed_until=TODAY + timedelta(days=3))
    Pulse.objects.update(risks_open=0)
    assert today(LEADER).items == []


def test_due_tasks_are_listed_with_the_overdue_first(people_and_rules: dict[str, Any]) -> None:
    from banso.accounts.models import Task

    csm = people_and_rules["csm"]
    for title, days in (("Later", 30), ("This week", 3), ("Overdue", -2)):
        due = TODAY + timedelta(days=days)
        Task.objects.create(title=title, owner=csm, due_on=due, created_at=clock.now())
    found = today(Actor("user", Role.CSM, csm.pk)).tasks
    assert [task.title for task in found] == ["Overdue", "This week"]


def test_a_team_sees_the_accounts_of_its_members(people_and_rules: dict[str, Any]) -> None:
    from banso.workspace.models import Team

    csm, sales = people_and_rules["csm"], people_and_rules["sales"]
    Team.objects.create(name="East").members.set([csm, sales])
    raise_signal(put("Mate's", sales, "sales_owner", stake=1), "silence")
    raise_signal(put("Stranger's", stake=1), "silence")
    found = today(Actor("user", Role.CSM, csm.pk), scope=Scope.TEAM)
    assert [item.name for item in found.items] == ["Mate's"]


def test_a_restricted_person_sees_only_his_own_whatever_he_asks_for(
    people_and_rules: dict[str, Any],
) -> None:
    csm = people_and_rules["csm"]
    raise_signal(put("Mine", csm, stake=1), "silence")
    raise_signal(put("Other's", stake=1), "silence")
    actor = Actor("user", Role.CSM, csm.pk, restricted=True)
    assert [item.name for item in today(actor, scope=Scope.ALL).items] == ["Mine"]
    assert summary(actor, scope=Scope.ALL).accounts == 1


def test_the_summary_adds_up_by_hand(people_and_rules: dict[str, Any]) -> None:
    csm, soon = people_and_rules["csm"], TODAY + timedelta(days=60)
    put("A", csm, band="danger", band_7="caution", score=10, arr_minor=100, stake=1)
    put("B", csm, band="caution", band_7="danger", score=50, arr_minor=200, renewal_on=soon)
    put("C", None, band="healthy", band_7="healthy", score=90, arr_minor=400, renewal_on=soon)
    put("D", None, band="", arr_minor=800, currency="USD")
    put("E", None, is_customer=False, band="", arr_minor=0)
    found = summary(LEADER)
    assert found.accounts == 4
    assert [(part.band, part.accounts) for part in found.bands] == [
        ("danger", 1),
        ("caution", 1),
        ("healthy", 1),
        ("", 1),
    ]
    assert sorted(found.arr, key=str) == [Money(700, "JPY"), Money(800, "USD")]
    assert found.arr_at_risk == [Money(100, "JPY")]
    assert (found.moved_down, found.moved_up) == (1, 1)
    assert [(one.name, one.is_worse) for one in found.moved] == [("A", True), ("B", False)]
    assert (found.unowned, len(found.unowned_arr)) == (2, 2)
    assert (found.renewals, found.renewals_at_risk) == (2, 1)
    assert found.renewals_arr == [Money(600, "JPY")]


def test_more_accounts_take_no_more_queries(people_and_rules: dict[str, Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            today(LEADER)
            summary(SYSTEM)
        return len(queries)

    raise_signal(put("First", stake=1), "silence")
    before = count()
    for i in range(20):
        raise_signal(put(f"More {i}", stake=i), "usage_falls")
    assert count() <= before <= 12


def test_a_signal_that_is_only_worth_a_look_brings_nobody_onto_today(
    people_and_rules: dict[str, Any],
) -> None:
    raise_signal(put("Light", stake=1_000), "seats_unused")
    raise_signal(put("Well", stake=1_000), "steady_and_rising")
    assert today(LEADER, whole_week=True).items == []


def test_what_has_time_until_later_this_week_waits_behind_today(
    people_and_rules: dict[str, Any],
) -> None:
    raise_signal(put("Silent", stake=1), "silence")
    put("Renews now", score=50, band="caution", renewal_on=TODAY + timedelta(days=30), stake=2)
    put("Renews later", score=50, band="caution", renewal_on=TODAY + timedelta(days=31), stake=9)
    raise_signal(put("Falls", stake=9), "usage_falls")
    found = today(LEADER)
    assert [item.name for item in found.items] == ["Renews now", "Silent"]
    assert (found.total, found.later) == (2, 2)
    found = today(LEADER, whole_week=True)
    assert {item.name for item in found.items[:2]} == {"Renews later", "Falls"}
    assert (found.total, found.later) == (4, 0)


def test_the_week_is_shown_at_once_when_nothing_is_for_today(
    people_and_rules: dict[str, Any],
) -> None:
    raise_signal(put("Falls", stake=9), "usage_falls")
    found = today(LEADER)
    assert [item.name for item in found.items] == ["Falls"]
    assert (found.total, found.later) == (1, 0)


def test_for_sales_a_sign_of_expansion_counts_one_step_more(
    people_and_rules: dict[str, Any],
) -> None:
    sales = people_and_rules["sales"]
    raise_signal(put("Full", sales, "sales_owner", stake=1), "seats_nearly_full")
    raise_signal(put("Steady", sales, "sales_owner", stake=1), "steady_and_rising")
    raise_signal(put("Falls", sales, "sales_owner", stake=1), "usage_falls")
    raise_signal(put("Unused", sales, "sales_owner", stake=1), "seats_unused")
    actor = Actor("user", Role.SALES, sales.pk)
    assert [item.name for item in today(actor).items] == ["Full"]
    week = today(actor, whole_week=True)
    assert [item.name for item in week.items] == ["Full", "Steady", "Falls"]
