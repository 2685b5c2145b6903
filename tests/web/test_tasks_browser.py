"""Tasks in a real browser: noted in a line, found by keyboard, done and undone with one press."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from banso.accounts import selectors
from banso.accounts.services.tasks import create_task
from banso.workspace.types import SYSTEM
from tests.web.book import customer, signal
from tests.web.test_browser import browser

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_task_is_noted_for_an_account_by_keyboard_alone(live_server: Any, people: Any) -> None:
    account = customer("Aoba Kensetsu")
    customer("Hokuto Denki")
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/tasks/")
        page.keyboard.press("n")
        page.keyboard.type("Call about the budget")
        page.keyboard.press("Tab")
        page.keyboard.type("aoba")
        expect(page.locator(".picker-list [role=option]")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#quick-account")).to_have_value("Aoba Kensetsu")
        page.keyboard.press("Enter")
        expect(page.locator(".task-title")).to_have_text("Call about the budget")
        expect(page.locator(".toast")).to_contain_text("Task noted: Call about the budget")
    (task,) = selectors.tasks(SYSTEM)
    assert (task.account, task.owner) == (account, people["leader"])


def test_a_task_is_done_and_undone_in_place(live_server: Any, people: Any) -> None:
    create_task(actor=SYSTEM, title="Send the minutes", owner=people["leader"])
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/tasks/?whose=all")
        page.keyboard.press("j")
        page.keyboard.press("x")
        row = page.locator(".task")
        expect(row).to_have_attribute("data-state", "done")
        row.get_by_role("button", name="Undo").click()
        expect(row).to_have_attribute("data-state", "open")
        assert page.url.endswith("/tasks/?whose=all")
    assert [task.title for task in selectors.open_tasks(SYSTEM)] == ["Send the minutes"]


def test_a_task_is_changed_and_the_way_leads_back(live_server: Any, people: Any) -> None:
    create_task(actor=SYSTEM, title="Send the minutes", owner=people["leader"])
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/tasks/?whose=all")
        page.click(".task-title a")
        page.fill("[name=title]", "Send the minutes and the offer")
        page.click(".form-actions [data-variant=primary]")
        expect(page.locator(".task-title")).to_have_text("Send the minutes and the offer")
        assert page.url.endswith("/tasks/?whose=all")


def test_a_signal_becomes_a_task_on_today(live_server: Any, people: Any) -> None:
    signal(customer("Aoba Kensetsu", score=20.0))
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/today/?scope=all")
        page.get_by_role("button", name="Make a task").click()
        tasks = page.locator(".today-tasks")
        expect(tasks).to_contain_text("Aoba Kensetsu")
        tasks.get_by_role("button").click()
        expect(page.locator(".toast", has_text="Task done")).to_be_visible()
        expect(page.locator(".today-tasks")).to_have_count(0)


def test_a_row_of_today_is_seen_to_by_keys(live_server: Any, people: Any) -> None:
    signal(customer("Aoba Kensetsu", score=20.0))
    with browser(live_server.url) as page:
        page.goto(f"{live_server.url}/today/?scope=all")
        page.keyboard.press("j")
        page.keyboard.press("t")
        expect(page.locator(".today-tasks")).to_contain_text("Aoba Kensetsu")
        page.keyboard.press("j")
        page.keyboard.press("s")
        expect(page.locator("h2", has_text="Snooze the signal")).to_be_visible()
        page.keyboard.type("They are on holiday")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".toast", has_text="The signal is quiet until then")).to_be_visible()
        assert page.url.endswith("/today/?scope=all")
