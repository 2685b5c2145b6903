"""Tasks: mine, everybody's, an account's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from banso.accounts.models import Account, Task
from banso.accounts.selectors.accounts import visible
from banso.accounts.types import TaskStatus
from banso.kit.errors import NotFoundError
from banso.workspace.types import Actor


def tasks(actor: Actor) -> QuerySet[Task]:
    """The tasks the actor may see: his own, and those of accounts he may see."""
    rows = Task.objects.select_related("account", "owner")
    if not actor.restricted:
        return rows
    own = Q(owner_id=actor.user_id) | Q(created_by_id=actor.user_id)
    return rows.filter(own | Q(account__in=visible(actor)))


def open_tasks(
    actor: Actor,
    *,
    account: Account | None = None,
    owner_id: int | None = None,
    due_by: date | None = None,
) -> QuerySet[Task]:
    """Open tasks, the most overdue first and those without a date last."""
    rows = tasks(actor).filter(status=TaskStatus.OPEN)
    if account is not None:
        rows = rows.filter(account=account)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    if due_by is not None:
        rows = rows.filter(due_on__lte=due_by)
    return rows.order_by(F("due_on").asc(nulls_last=True), "id")


def task_by_uid(actor: Actor, uid: UUID) -> Task:
    """One task.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    found = tasks(actor).filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This task does not exist."))
    return found
