"""Tasks: making, changing, finishing, and taking that back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from banso.accounts.models import Account, Task
from banso.accounts.services.fields import checked, day, long_text, text
from banso.accounts.services.timeline import record_entries, withdraw_entries
from banso.accounts.types import ActivityKind, Entry, TaskStatus
from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.services.records import take
from banso.workspace.types import Actor, Role

SOURCE = "task"


def _owner(value: Any) -> Any:
    if value is not None and (not value.is_active or value.role == Role.VIEWER):
        raise InvalidInputError(_("%(name)s cannot take tasks.") % {"name": value.name})
    return value


TASK_CHECKS = {
    "title": text(300, required=True),
    "body": long_text,
    "due_on": day,
    "owner": _owner,
}


def _image(values: dict[str, Any]) -> dict[str, Any]:
    return {field: getattr(value, "pk", value) for field, value in values.items()}


@transaction.atomic
def create_task(
    *,
    actor: Actor,
    title: str,
    account: Account | None = None,
    owner: Any = None,
    due_on: date | None = None,
    body: str = "",
    origin: str = "",
) -> Task:
    """Add a task, the actor's own where no owner is given.

    Args:
        origin: what led to it, such as ``signal:<uid>``; while a task of that origin is open, it is
            returned instead of a second one.
    """
    require(actor, "tasks.create", account)
    if same := _open_task(origin):
        return same
    given = {"title": title, "body": body, "due_on": due_on, "owner": owner}
    values = checked(given, TASK_CHECKS)
    owned = {**values, "owner_id": values["owner"].pk if values["owner"] else actor.user_id}
    del owned["owner"]
    try:
        with transaction.atomic():
            task = Task.objects.create(
                account=account,
                created_by_id=actor.user_id,
                origin=origin,
                created_at=clock.now(),
                **owned,
            )
    except IntegrityError:
        # Somebody else was quicker, or something else is wrong with the task.
        if same := _open_task(origin):
            return same
        raise
    audit.record(actor, "task.created", "task", task.uid, after=owned)
    return task


def _open_task(origin: str) -> Task | None:
    return Task.objects.filter(origin=origin, status=TaskStatus.OPEN).first() if origin else None


@transaction.atomic
def change_task(*, actor: Actor, task: Task, **changes: Any) -> Task:
    """Change title, text, owner or due day."""
    take(task)
    require(actor, "tasks.edit", task)
    values = checked(changes, TASK_CHECKS)
    values = {field: new for field, new in values.items() if getattr(task, field) != new}
    if not values:
        return task
    before = {field: getattr(task, field) for field in values}
    for field, new in values.items():
        setattr(task, field, new)
    task.save()
    audit.record(
        actor, "task.changed", "task", task.uid, before=_image(before), after=_image(values)
    )
    return task


@transaction.atomic
def _close(actor: Actor, task: Task, status: TaskStatus) -> Task:
    take(task)
    require(actor, "tasks.edit", task)
    if task.status == status:
        return task
    if task.status != TaskStatus.OPEN:
        raise ConflictError(_("This task is already closed."), code="task-closed")
    task.status, task.closed_at = status, clock.now()
    task.save()
    audit.record(
        actor, f"task.{status}", "task", task.uid,
        before={"status": TaskStatus.OPEN}, after={"status": status},
    )  # fmt: skip
    return task


def _entry_id(task: Task) -> str:
    return f"{task.uid}:done"


@transaction.atomic
def complete_task(*, actor: Actor, task: Task) -> Task:
    """Finish a task; that goes onto the timeline of its account. Doing it twice changes nothing.

    Raises:
        ConflictError: the task was dropped.
    """
    _close(actor, task, TaskStatus.DONE)
    if task.account_id is not None and task.closed_at is not None:
        done = Entry(
            account_id=task.account_id,
            kind=ActivityKind.TASK,
            happened_at=task.closed_at,
            source=SOURCE,
            external_id=_entry_id(task),
            data={"event": "done", "title": task.title},
            author_id=actor.user_id,
        )
        record_entries([done])
    return task


def drop_task(*, actor: Actor, task: Task) -> Task:
    """Close a task that nobody needs to do any more.

    Raises:
        ConflictError: it was done already.
    """
    return _close(actor, task, TaskStatus.DROPPED)


@transaction.atomic
def reopen_task(*, actor: Actor, task: Task) -> Task:
    """Take a completion or a drop back.

    Raises:
        ConflictError: another open task has come from the same origin since.
    """
    take(task)
    require(actor, "tasks.edit", task)
    if task.status == TaskStatus.OPEN:
        return task
    if _open_task(task.origin):
        raise ConflictError(_("There is a newer open task for the same reason."), code="task-twice")
    before = {"status": task.status}
    task.status, task.closed_at = TaskStatus.OPEN, None
    task.save()
    withdraw_entries(SOURCE, [_entry_id(task)])
    audit.record(
        actor, "task.reopened", "task", task.uid, before=before, after={"status": task.status}
    )
    return task
