"""Tasks: one per cause, finished once, taken back cleanly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from banso.accounts import selectors
from banso.accounts.services import tasks
from banso.accounts.services.segments import delete_segment, save_segment, share_segment
from banso.accounts.services.tasks import (
    change_task,
    complete_task,
    create_task,
    drop_task,
    reopen_task,
)
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from banso.workspace.selectors import audit_entries

pytestmark = pytest.mark.django_db


def test_the_most_overdue_task_stands_first_and_those_without_a_day_last(actors):
    days = [None, date(2026, 4, 9), date(2026, 4, 1)]
    for day in days:
        create_task(actor=actors["csm"], title=f"{day}", due_on=day)
    found = selectors.open_tasks(actors["csm"])
    assert [task.title for task in found] == ["2026-04-01", "2026-04-09", "None"]


def test_a_signal_leads_to_one_open_task_only(actors, make_account):
    account = make_account()
    first = create_task(actor=actors["csm"], title="電話", account=account, origin="signal:1")
    again = create_task(actor=actors["sales"], title="電話", account=account, origin="signal:1")
    assert first == again
    complete_task(actor=actors["csm"], task=first)
    later = create_task(actor=actors["csm"], title="電話", account=account, origin="signal:1")
    assert later != first
    with pytest.raises(ConflictError):
        reopen_task(actor=actors["csm"], task=first)


def test_two_who_press_at_once_make_one_task(actors, monkeypatch):
    first = create_task(actor=actors["csm"], title="電話", origin="signal:1")
    looked = iter([None, first])
    monkeypatch.setattr(tasks, "_open_task", lambda origin: next(looked, None))
    assert create_task(actor=actors["sales"], title="電話", origin="signal:1") == first
    assert selectors.open_tasks(actors["csm"]).count() == 1
    assert create_task(actor=actors["csm"], title="電話") != first


def test_done_stands_on_the_timeline_until_it_is_taken_back(actors, make_account):
    account = make_account()
    task = create_task(actor=actors["csm"], title="電話する", account=account)
    complete_task(actor=actors["csm"], task=task)
    complete_task(actor=actors["csm"], task=task)
    (entry,), _cursor = selectors.timeline(account, ["task"])
    assert entry.data == {"event": "done", "title": "電話する"}
    assert not selectors.open_tasks(actors["csm"]).exists()
    reopen_task(actor=actors["csm"], task=task)
    assert selectors.timeline(account, ["task"]) == ([], None)
    assert list(selectors.open_tasks(actors["csm"], account=account)) == [task]
    done = audit_entries().filter(action="task.done")
    assert done.count() == 1


def test_a_dropped_task_is_not_done(actors):
    task = drop_task(actor=actors["csm"], task=create_task(actor=actors["csm"], title="x"))
    with pytest.raises(ConflictError):
        complete_task(actor=actors["csm"], task=task)


def test_only_those_concerned_and_leaders_change_a_task(actors, people):
    task = create_task(actor=actors["leader"], title="見積", owner=people["sales"])
    with pytest.raises(ForbiddenError):
        complete_task(actor=actors["csm"], task=task)
    change_task(actor=actors["sales"], task=task, due_on="2026-05-01", owner=people["csm"])
    assert (task.due_on, task.owner) == (date(2026, 5, 1), people["csm"])
    with pytest.raises(InvalidInputError):
        change_task(actor=actors["leader"], task=task, owner=people["viewer"])
    with pytest.raises(ForbiddenError):
        create_task(actor=actors["viewer"], title="x")


def test_a_narrow_reader_sees_his_tasks_and_those_of_his_accounts(actors, people, make_account):
    narrow = replace(actors["csm"], restricted=True)
    hidden = create_task(actor=actors["leader"], title="x", account=make_account())
    given = create_task(actor=actors["leader"], title="y", owner=people["csm"])
    mine = make_account("Mine", cs_owner=people["csm"])
    shared = create_task(actor=actors["leader"], title="z", account=mine)
    assert set(selectors.tasks(narrow)) == {given, shared}
    with pytest.raises(NotFoundError):
        selectors.task_by_uid(narrow, hidden.uid)


def test_segments_are_private_until_a_leader_shares_them(actors):
    query = {"all": [{"field": "band", "op": "is", "value": "danger"}]}
    own = save_segment(actor=actors["csm"], name="危険", query=query)
    assert not selectors.segments(actors["sales"]).exists()
    with pytest.raises(ForbiddenError):
        share_segment(actor=actors["csm"], segment=own, shared=True)
    share_segment(actor=actors["leader"], segment=own, shared=True)
    assert selectors.segment_by_uid(actors["sales"], own.uid).query == query
    with pytest.raises(ForbiddenError):
        delete_segment(actor=actors["sales"], segment=own)
    with pytest.raises(InvalidInputError):
        save_segment(actor=actors["csm"], name="危険", query={})
    save_segment(
        actor=actors["csm"], name="要注意", query={}, columns=["arr"], segment=own, shared=True
    )
    delete_segment(actor=actors["csm"], segment=own)
    assert not selectors.segments(actors["csm"]).exists()


def test_a_change_does_not_open_a_task_that_was_finished_meanwhile(actors):
    task = create_task(actor=actors["csm"], title="電話")
    stale = selectors.task_by_uid(actors["csm"], task.uid)
    complete_task(actor=actors["csm"], task=task)
    change_task(actor=actors["csm"], task=stale, title="電話する")
    task.refresh_from_db()
    assert (task.status, task.title) == ("done", "電話する")


def test_a_task_is_finished_once_however_often_it_was_looked_at(actors, make_account):
    account = make_account()
    task = create_task(actor=actors["csm"], title="電話", account=account)
    stale = selectors.task_by_uid(actors["csm"], task.uid)
    complete_task(actor=actors["csm"], task=task)
    complete_task(actor=actors["csm"], task=stale)
    assert audit_entries().filter(action="task.done").count() == 1
    with pytest.raises(ConflictError):
        drop_task(actor=actors["csm"], task=stale)


def test_a_task_that_went_with_its_account_cannot_be_changed(actors, make_account):
    account = make_account()
    task = create_task(actor=actors["csm"], title="電話", account=account)
    account.delete()
    with pytest.raises(NotFoundError):
        complete_task(actor=actors["csm"], task=task)
