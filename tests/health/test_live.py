"""What an event changes is seen as soon as the worker has made one round."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from banso.accounts.models import AccountKey
from banso.health.selectors.columns import columns, columns_of_today
from banso.health.services import compute
from banso.health.services.due import request_judgement
from banso.health.services.live import LiveCycle, take_in_everything
from banso.health.services.live.agenda import Agenda
from banso.health.services.live.judging import Judge
from banso.health.services.live.share import Share
from banso.health.services.live.survey import Survey
from banso.health.services.pending import Pending
from banso.health.services.warehouse import drop_warehouse, warehouse
from banso.usage.selectors.batches import unjudged_batches
from banso.usage.selectors.profile import profile_of
from banso.workspace.services import bulletins
from tests.usage.collected import arrive, make_source

TODAY = date(2026, 4, 15)
Send = Callable[..., None]


@pytest.fixture
def source(house: Any) -> Any:
    return make_source()


@pytest.fixture
def send(source: Any) -> Send:
    """Have events of one person received that name an account."""
    count = iter(range(1000))

    def _send(account: Any, *moments: str, user: str = "u1", event: str = "Report opened") -> None:
        messages = [
            {
                "type": "track", "event": event, "userId": user, "messageId": f"m{next(count)}",
                "timestamp": moment, "context": {"groupId": f"A{account.pk}"},
            }
            for moment in moments
        ]  # fmt: skip
        arrive(source, *messages)

    return _send


def known(account: Any) -> Any:
    AccountKey.objects.create(account=account, source="crm", external_id=f"A{account.pk}")
    return account


def metric(house: Any, account: Any, key: str) -> float | None:
    return house.pulse(account).metrics.get(key)


def test_an_event_is_in_the_score_the_profile_and_a_bulletin_after_one_round(
    house: Any, send: Send
) -> None:
    account = known(house.account("Acme"))
    house.line(account, TODAY - timedelta(days=60))
    compute.refresh()
    last = bulletins.latest_bulletin()
    cycle = LiveCycle()
    cycle.warm_up()
    assert metric(house, account, "active_users_28d") in (None, 0)
    send(account, "2026-04-15T02:00:00Z", "2026-04-15T02:30:00Z")
    send(account, "2026-04-15T02:10:00Z", user="u2")
    assert cycle.run_once()
    cycle.finish()
    assert metric(house, account, "active_users_28d") == 2
    assert house.pulse(account).last_active_on == TODAY
    assert sum(profile_of(account).events) == 3
    assert [(topic, ids) for _id, topic, ids in bulletins.bulletins_after(last)][-1] == (
        bulletins.ACCOUNTS,
        [account.pk],
    )
    assert unjudged_batches() == ([], [])
    assert columns_of_today().values("active_users_28d").tolist() == [2]
    live = state(house, account)
    compute.refresh()
    assert state(house, account) == live
    assert not cycle.run_once()


def test_what_is_open_is_judged_first(house: Any, send: Send, monkeypatch: Any) -> None:
    accounts = [known(house.account(f"A{i}")) for i in range(4)]
    for account in accounts:
        send(account, "2026-04-15T02:00:00Z")
    bulletins.watch(bulletins.ACCOUNTS, [accounts[2].pk])
    judged: list[list[int]] = []
    publish = Judge.publish_whole

    def noting(self: Judge, ids: list[int]) -> None:
        judged.append(ids)
        publish(self, ids)

    monkeypatch.setattr(Judge, "publish_whole", noting)
    LiveCycle(Pending()).run_once()
    rest = [accounts[i].pk for i in (0, 1, 3)]
    assert judged == [[accounts[2].pk], rest]


def test_lists_know_accounts_that_came_since_the_last_run_over_all(house: Any, send: Send) -> None:
    old = known(house.account("Old"))
    house.use(old, TODAY - timedelta(days=10), 11, users=3)
    compute.refresh()
    new = known(house.account("New"))
    send(new, "2026-04-15T02:00:00Z")
    take_in_everything()
    found = columns([("active_users_28d", 0), ("active_users_28d", 7)])
    assert found.account_ids.tolist() == [old.pk, new.pk]
    assert found.values("active_users_28d").tolist() == [3, 1]
    week_ago = found.values("active_users_28d", 7)
    assert week_ago[0] == 3
    assert np.isnan(week_ago[1])


def test_late_events_change_what_past_days_say(house: Any, send: Send) -> None:
    account = known(house.account("Acme"))
    house.line(account, TODAY - timedelta(days=60))
    compute.refresh_everything()
    before = house.pulse(account).change_7
    cycle = LiveCycle()
    cycle.warm_up()
    send(account, *(f"2026-04-{day:02}T02:00:00Z" for day in range(1, 9)))
    while cycle.run_once():
        pass
    assert house.pulse(account).change_7 != before
    assert compute.refresh().current.written == 0
    kept = state(house, account)
    compute.rebuild()
    assert state(house, account) == kept


def state(house: Any, account: Any) -> tuple[Any, ...]:
    pulse = house.pulse(account)
    return pulse.score, pulse.metrics, pulse.spark, profile_of(account).to_bytes()


def test_a_message_that_comes_again_after_a_restart_counts_once(
    house: Any, source: Any, send: Send
) -> None:
    account = known(house.account("Acme"))
    message = {
        "type": "track", "event": "Opened", "userId": "u", "messageId": "same",
        "timestamp": "2026-04-15T02:00:00Z", "context": {"groupId": f"A{account.pk}"},
    }  # fmt: skip
    for _ in range(2):
        arrive(source, message)
        take_in_everything()
    assert sum(profile_of(account).events) == 1


def test_the_warehouse_made_anew_says_the_same(house: Any, send: Send) -> None:
    account = known(house.account("Acme"))
    house.use(account, TODAY - timedelta(days=3), 4)
    compute.refresh()
    cycle = LiveCycle()
    cycle.warm_up()
    for hour in range(3):
        send(account, f"2026-04-15T0{hour}:00:00Z", f"2026-04-13T0{hour}:00:00Z", user=f"u{hour}")
        cycle.run_once()
    before = rows(account)
    drop_warehouse()
    compute.rebuild()
    assert rows(account) == before


def rows(account: Any) -> list[Any]:
    store = warehouse()
    return [
        store.feature_days_of([account.pk]).to_pylist(),
        store.user_days_of([account.pk]).to_pylist(),
        store.account_days_of([account.pk]).to_pylist(),
    ]


def test_batches_whose_accounts_were_not_judged_are_judged_by_the_next_worker(
    house: Any, send: Send, monkeypatch: Any
) -> None:
    account = known(house.account("Acme"))
    send(account, "2026-04-15T02:00:00Z")
    monkeypatch.setattr(Judge, "publish_whole", _die)
    with pytest.raises(KeyboardInterrupt):
        LiveCycle(Pending()).run_once()
    monkeypatch.undo()
    assert len(unjudged_batches()[0]) == 1
    cycle = LiveCycle(Pending())
    cycle.warm_up()
    cycle.run_once()
    assert metric(house, account, "active_users_28d") == 1
    assert unjudged_batches() == ([], [])


def _die(judge: Judge, accounts: list[int]) -> None:
    raise KeyboardInterrupt


def test_what_people_say_about_one_account_is_judged_in_the_next_round(
    house: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from banso.health.services.judgement import set_override
    from banso.workspace.types import SYSTEM

    account = house.account("Acme")
    house.line(account, TODAY - timedelta(days=60))
    compute.refresh()
    with django_capture_on_commit_callbacks(execute=True):
        until = TODAY + timedelta(days=5)
        set_override(actor=SYSTEM, account=account, score=5, reason="Merger", until=until)
    assert LiveCycle(Pending()).run_once()
    assert house.pulse(account).band == "danger"


def test_what_a_run_over_all_accounts_found_does_not_hide_what_came_meanwhile() -> None:
    queue = Pending()
    queue.note_judged([1, 2], 10.0)
    queue.note_judged([2], 20.0)
    queue.again(15.0)
    assert queue.take(9) == {2: 0}


def test_nor_what_people_changed_meanwhile(house: Any) -> None:
    account, queue = house.account("Acme"), Pending()
    compute.refresh()
    request_judgement([account.pk])
    began = time.monotonic()
    LiveCycle(queue).run_once()
    queue.again(began)
    assert queue.take(9) == {account.pk: 0}


def test_use_that_comes_while_an_account_is_being_published_is_published_after_it() -> None:
    queue = Pending()
    queue.note(1, [10])
    queue.note_stale(queue.take(1))
    assert queue.begin_whole(9) == [10]
    queue.note(2, [10])
    queue.note_stale(queue.take(1))
    assert queue.settled() == []
    assert queue.take_half_done() == {10: 1}
    assert queue.settled() == [1]
    assert queue.begin_whole(9) == [10]
    assert queue.settled() == []
    assert queue.take_half_done() == {10: 2}
    assert queue.settled() == [2]


def test_batches_count_as_judged_when_none_of_their_accounts_waits() -> None:
    queue = Pending()
    queue.note(1, [10, 11])
    queue.note(2, [10, 12])
    queue.note_late(2, {12: date(2026, 4, 1)})
    first = queue.take(2)
    assert first == {10: 1, 11: 1}
    assert queue.settled() == [1]
    queue.give_back(first)
    assert queue.take_these({12}) == {12: 2}
    assert queue.settled() == []
    queue.take(9)
    assert queue.settled() == []
    assert queue.take_late(5) == (date(2026, 4, 1), {12: (date(2026, 4, 1), 2)})
    assert queue.settled() == [2]


def test_others_are_judged_now_and_then_while_events_have_to_wait(
    db: None, monkeypatch: Any
) -> None:
    now, asked = [100.0], list[float]()
    monkeypatch.setattr("banso.health.services.live.agenda.time.monotonic", lambda: now[0])
    monkeypatch.setattr(Survey, "go_on", lambda survey: asked.append(now[0]) or 0)
    agenda = Agenda(Pending(), Judge())
    for _ in range(8):
        agenda.work(is_idle=False, is_late=True)
        now[0] += 1
    assert asked == [100, 103, 106]
    agenda.work(is_idle=False)
    assert asked == [100, 103, 106, 108]


def test_work_for_which_there_is_a_share_of_the_time_rests_in_between(monkeypatch: Any) -> None:
    now = [100.0]
    monkeypatch.setattr("banso.health.services.live.share.time.monotonic", lambda: now[0])
    share = Share(0.25)

    def step() -> int:
        now[0] += 1.0
        return 7

    assert share.spend(step) == 7
    now[0] += 2.9
    assert share.spend(step) == 0
    now[0] += 0.2
    assert share.spend(step) == 7
