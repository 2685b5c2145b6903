"""The rooms' facts reach the warehouse on the right day, and only when they changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from banso.health.services.judgement import set_sentiment
from banso.health.services.sync import sync_warehouse
from banso.health.services.warehouse import warehouse
from banso.usage.services.features import Mark, mark_features
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM

TODAY = date(2026, 4, 15)


def rows(dataset: str, *columns: str) -> list[tuple[Any, ...]]:
    table = warehouse().query(f"SELECT {', '.join(columns)} FROM data_{dataset} ORDER BY ALL")
    return [tuple(row.values()) for row in table.to_pylist()]


def at(hour: int, day: int = 1) -> datetime:
    return datetime(2026, 4, day, hour, 30, tzinfo=UTC)


def ticket(account: Any, opened: datetime, **fields: Any) -> Any:
    from banso.helpdesk.models import Ticket

    key = f"t{Ticket.objects.count()}"
    return Ticket.objects.create(account=account, opened_at=opened, external_id=key, **fields)


def test_a_ticket_belongs_to_the_day_it_has_in_the_company_zone(house: Any) -> None:
    account = house.account("Acme")
    ticket(account, at(14), priority="high", first_response_at=at(16), closed_at=at(14, 3))
    ticket(account, at(16), priority="urgent")
    sync_warehouse()
    assert rows("tickets", "day", "priority") == [
        (date(2026, 4, 1), "high"),
        (date(2026, 4, 2), "urgent"),
    ]
    assert rows("ticket_spans", "from_day", "to_day") == [
        (date(2026, 4, 1), date(2026, 4, 3)),
        (date(2026, 4, 2), None),
    ]
    assert rows("ticket_responses", "day", "minutes") == [(date(2026, 4, 2), 120.0)]
    change_company(actor=SYSTEM, time_zone="America/New_York")
    sync_warehouse()
    assert rows("tickets", "day") == [(date(2026, 4, 1),), (date(2026, 4, 1),)]


def test_answers_of_no_account_are_no_measure(house: Any) -> None:
    from banso.voice.models import NpsAnswer

    account = house.account("Acme")
    for key, who, score in (("a", account, 9), ("b", None, 0), ("c", account, 4)):
        NpsAnswer.objects.create(account=who, score=score, answered_at=at(1), external_id=key)
    sync_warehouse()
    assert rows("nps", "account_id", "score") == [(account.pk, 4.0), (account.pk, 9.0)]


def test_a_sentiment_counts_until_its_day_or_the_next_one(house: Any) -> None:
    account = house.account("Acme")
    for offset, value, days in ((0, "good", 30), (10, "bad", 5), (10, "mixed", 5)):
        with house.at(TODAY + timedelta(days=offset)):
            until = TODAY + timedelta(days=offset + days)
            set_sentiment(actor=SYSTEM, account=account, value=value, reason="Felt", until=until)
    sync_warehouse()
    assert rows("sentiment_spans", "from_day", "to_day", "points") == [
        (TODAY, TODAY + timedelta(days=10), 100.0),
        (TODAY + timedelta(days=10), TODAY + timedelta(days=16), 50.0),
    ]


def test_notes_and_calls_are_facts_and_the_systems_own_entries_are_not(house: Any) -> None:
    from banso.accounts.models import Activity

    account = house.account("Acme")
    for kind in ("call", "signal", "note"):
        Activity.objects.create(account=account, kind=kind, happened_at=at(1), created_at=at(1))
    sync_warehouse()
    assert rows("activities", "kind") == [("call",), ("note",)]


def test_core_features_are_a_part_of_usage_that_people_mark(house: Any) -> None:
    account = house.account("Acme")
    house.use(account, TODAY, 1, users=2, feature="it's core")
    house.use(account, TODAY, 1, users=3, feature="other")
    sync_warehouse()
    assert rows("core_feature_days", "feature") == []
    marks = {"it's core": Mark("", is_core=True, is_login=False)}
    mark_features(actor=SYSTEM, marks=marks)
    assert sync_warehouse().datasets == ["core_feature_days"]
    assert rows("core_feature_days", "feature", "events") == [("it's core", 4)]
    assert rows("login_days", "feature") == []


def test_what_did_not_change_is_not_written_again(house: Any) -> None:
    account = house.account("Acme")
    ticket(account, at(1))
    assert "tickets" in sync_warehouse().datasets
    assert sync_warehouse().datasets == []
    ticket(account, at(2))
    assert sync_warehouse().datasets == ["tickets", "ticket_spans"]


def test_one_batch_that_cannot_be_taken_keeps_no_other_out(house: Any) -> None:
    from banso.usage.models import UsageBatch

    account = house.account("Acme")
    (bad,) = house.use(account, TODAY - timedelta(days=3), 1)
    (good,) = house.use(account, TODAY, 1, users=2)
    # A batch of an earlier version whose rows the warehouse does not take any more.
    UsageBatch.objects.filter(pk=bad.pk).update(kind="raw")
    result = sync_warehouse()
    assert (result.loaded, result.refused) == ([good.pk], [bad.pk])
    bad.refresh_from_db()
    assert "message_key" in bad.problem
    assert bad.projected_at is None
    assert sync_warehouse().refused == []
