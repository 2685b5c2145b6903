"""Tasks: what is to be done, by whom, until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from banso.accounts import selectors
from banso.accounts.services.tasks import (
    change_task,
    complete_task,
    create_task,
    drop_task,
    reopen_task,
)
from banso.accounts.types import TaskStatus
from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.redirects import back, safe_next
from banso.web.task_forms import TaskForm
from banso.workspace.policies import require

PER_PAGE = 100
HOME = "/tasks/"
GROUPS = (
    ("overdue", gettext_lazy("Overdue")),
    ("today", gettext_lazy("Due today")),
    ("week", gettext_lazy("In the next 7 days")),
    ("later", gettext_lazy("After that")),
    ("undated", gettext_lazy("Without a date")),
)


def _group_of(due: date | None, today: date) -> str:
    if due is None:
        return "undated"
    if due <= today:
        return "overdue" if due < today else "today"
    return "week" if due <= today + timedelta(days=7) else "later"


def task_row(reader: Reader, task: Any) -> dict[str, Any]:
    """One task as lists show it."""
    return {
        "task": task,
        "is_open": task.status == TaskStatus.OPEN,
        "overdue": bool(task.due_on and task.due_on < reader.today),
        "may_edit": reader.may("tasks.edit", task),
    }


def _grouped(reader: Reader, tasks: Iterable[Any]) -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {key: [] for key, _label in GROUPS}
    for task in tasks:
        rows[_group_of(task.due_on, reader.today)].append(task_row(reader, task))
    return [{"key": key, "label": label, "rows": rows[key]} for key, label in GROUPS if rows[key]]


def _asked(reader: Reader, request: HttpRequest) -> tuple[str, str, Any]:
    """Whose tasks, in which state, and the rows in their order."""
    whose = "all" if request.GET.get("whose") == "all" else "mine"
    state = "done" if request.GET.get("state") == "done" else "open"
    if state == "open":
        rows = selectors.open_tasks(reader.actor)
    else:
        rows = selectors.tasks(reader.actor).filter(status=TaskStatus.DONE).order_by("-closed_at")
    return whose, state, rows.filter(owner=reader.user) if whose == "mine" else rows


@access("accounts.view")
def task_list(request: HttpRequest) -> HttpResponse:
    """My tasks or everybody's, the overdue first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    whose, state, rows = _asked(reader, request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    if state == "open":
        groups = _grouped(reader, page)
    else:
        done = [task_row(reader, task) for task in page]
        groups = [{"key": "done", "label": pgettext("task", "Done"), "rows": done}] if done else []
    context = {
        "whose": whose,
        "state": state,
        "page": page,
        "groups": groups,
        "form": TaskForm(reader=reader, initial={"owner": reader.user and reader.user.pk}),
        "may_create": reader.may("tasks.create"),
        "here": request.get_full_path(),
    }
    return render(request, "tasks/list.html", context)


@access("tasks.create")
def new_task(request: HttpRequest) -> HttpResponse:
    """Add a task, from the line above the list, from an account, or from its own form."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    asked = ("title", "account_uid", "account")
    initial: dict[str, Any] = {key: request.GET.get(key, "") for key in asked}
    initial["owner"] = reader.user and reader.user.pk
    form = TaskForm(request.POST or None, reader=reader, initial=initial)
    if request.method == "POST":
        task = submit(form, lambda: create_task(actor=reader.actor, **form.values()))
        if task:
            messages.success(request, _("Task noted: %(title)s") % {"title": task.title})
            return back(request, HOME)
    context = {"form": form, "next": safe_next(request, HOME)}
    return render(request, "tasks/form.html", context, status=400 if form.errors else 200)


@access("tasks.edit")
def edit_task(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Look at a task and change it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    task = selectors.task_by_uid(reader.actor, uid)
    fields = ("title", "body", "due_on")
    initial = {field: getattr(task, field) for field in fields} | {"owner": task.owner_id}
    form = TaskForm(request.POST or None, reader=reader, initial=initial, fixed_account=True)
    if request.method == "POST":
        require(reader.actor, "tasks.edit", task)
        if submit(form, lambda: change_task(actor=reader.actor, task=task, **form.values())):
            messages.success(request, _("The task is saved."))
            return back(request, HOME)
        task = selectors.task_by_uid(reader.actor, uid)
    row = task_row(reader, task)
    context = {"form": form, "row": row, "task": task, "next": safe_next(request, HOME)}
    return render(request, "tasks/form.html", context, status=400 if form.errors else 200)


def _act(request: HttpRequest, uid: UUID, write: Callable[..., Any], said: str) -> HttpResponse:
    """Do something to a task; the row comes back alone where only it was asked for."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    task = write(actor=reader.actor, task=selectors.task_by_uid(reader.actor, uid))
    if request.headers.get("HX-Request"):
        context = {"row": task_row(reader, task), "here": request.POST.get("next", "")}
        return render(request, "tasks/row.html", context)
    messages.success(request, said % {"title": task.title})
    return back(request, HOME)


@access("tasks.edit")
@require_POST
def done(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Finish a task."""
    return _act(request, uid, complete_task, _("Task done: %(title)s"))


@access("tasks.edit")
@require_POST
def reopen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a completion back."""
    return _act(request, uid, reopen_task, _("Task open again: %(title)s"))


@access("tasks.edit")
@require_POST
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Close a task that need not be done any more."""
    return _act(request, uid, drop_task, _("Task dropped: %(title)s"))
