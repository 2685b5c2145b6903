"""The tasks page: mine first, the overdue on top, done with one press and undone with another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from banso.accounts import selectors
from banso.accounts.services.accounts import create_account
from banso.accounts.services.tasks import create_task
from banso.accounts.types import TaskStatus
from banso.workspace.services.people import change_user
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client, people: dict[str, Any], stopped_clock: datetime) -> Client:
    """The CSM, on 15 April 2026."""
    client.force_login(people["csm"])
    return client


@pytest.fixture
def account(db: None) -> Any:
    """An account to do something for."""
    return create_account(actor=SYSTEM, name="株式会社あおぞら商事")


def test_tasks_stand_in_groups_by_when_they_are_due(reader: Client, people: Any) -> None:
    days = {"a": 14, "b": 15, "c": 20, "d": 30}
    for title, day in days.items():
        create_task(actor=SYSTEM, title=title, owner=people["csm"], due_on=date(2026, 4, day))
    create_task(actor=SYSTEM, title="e", owner=people["csm"])
    create_task(actor=SYSTEM, title="not mine", owner=people["sales"])
    groups = reader.get("/tasks/").context["groups"]
    shown = {group["key"]: [row["task"].title for row in group["rows"]] for group in groups}
    assert shown == {
        "overdue": ["a"], "today": ["b"], "week": ["c"], "later": ["d"], "undated": ["e"],
    }  # fmt: skip
    assert "not mine" in reader.get("/tasks/?whose=all").text


def test_a_task_is_noted_in_one_line_with_its_account(
    reader: Client, account: Any, people: Any
) -> None:
    sent = {"title": "電話する", "account": "あおぞら", "due_on": "2026-04-20",
            "owner": people["csm"].pk, "next": "/tasks/?whose=all"}  # fmt: skip
    answer = reader.post("/tasks/new/", sent)
    assert answer["Location"] == "/tasks/?whose=all"
    (task,) = selectors.tasks(SYSTEM)
    assert (task.account, task.due_on, task.owner) == (account, date(2026, 4, 20), people["csm"])


def test_an_account_that_is_not_clear_is_asked_about(reader: Client, account: Any) -> None:
    create_account(actor=SYSTEM, name="あおぞら水産")
    many = reader.post("/tasks/new/", {"title": "x", "account": "あおぞら"})
    assert many.status_code == 400
    assert "Several accounts match" in many.text
    none = reader.post("/tasks/new/", {"title": "x", "account": "zzz"})
    assert "No account matches" in none.text
    assert reader.post("/tasks/new/", {"title": "x", "account_uid": "1"}).status_code == 400
    assert not selectors.tasks(SYSTEM).exists()


def test_done_with_one_press_and_taken_back_with_another(
    reader: Client, people: Any, account: Any
) -> None:
    task = create_task(actor=SYSTEM, title="電話", owner=people["csm"], account=account)
    row = reader.post(f"/tasks/{task.uid}/done/", headers={"HX-Request": "true"}).text
    assert "<html" not in row
    assert f"/tasks/{task.uid}/reopen/" in row
    assert "電話" in reader.get("/tasks/?state=done").text
    reader.post(f"/tasks/{task.uid}/reopen/")
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN
    reader.post(f"/tasks/{task.uid}/drop/")
    task.refresh_from_db()
    assert task.status == TaskStatus.DROPPED


def test_looking_at_a_page_changes_nothing(reader: Client, people: Any) -> None:
    task = create_task(actor=SYSTEM, title="x", owner=people["csm"])
    for action in ("done", "reopen", "drop"):
        assert reader.get(f"/tasks/{task.uid}/{action}/").status_code == 405


def test_a_task_is_changed_in_its_form(reader: Client, people: Any) -> None:
    task = create_task(actor=SYSTEM, title="x", owner=people["csm"])
    sent = {"title": "y", "owner": people["sales"].pk, "due_on": "2026-05-01", "body": "詳しく"}
    assert reader.post(f"/tasks/{task.uid}/", sent).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.owner, task.body) == ("y", people["sales"], "詳しく")
    assert reader.post(f"/tasks/{task.uid}/", sent).status_code == 403


def test_the_way_back_leads_nowhere_else(reader: Client, people: Any) -> None:
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = reader.post("/tasks/new/", {"title": "x", "next": evil})
        assert answer["Location"] == "/tasks/"
        form = reader.get("/tasks/new/", {"next": evil})
        assert evil not in form.text


def test_more_tasks_cost_no_more_queries(
    reader: Client, people: Any, account: Any, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            create_task(actor=SYSTEM, title=f"{number}", owner=people["csm"], account=account)

    fill(3)
    reader.get("/tasks/")
    with django_assert_num_queries(8, exact=False) as few:
        reader.get("/tasks/")
    fill(40)
    with django_assert_num_queries(len(few)):
        reader.get("/tasks/")


def test_the_page_speaks_japanese(reader: Client, people: Any) -> None:
    change_user(actor=SYSTEM, user=people["csm"], language="ja")
    create_task(actor=SYSTEM, title="x", owner=people["csm"], due_on=date(2026, 4, 1))
    text = reader.get("/tasks/").text
    assert "期限切れ" in text
    assert "2週間前" in text
