"""Plain values about accounts and people."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from banso.workspace.types import Actor, Role


class Lifecycle(StrEnum):
    """Where an account stands with us; the journey of a later room refines it."""

    PROSPECT = "prospect"
    ONBOARDING = "onboarding"
    ADOPTION = "adoption"
    RENEWAL = "renewal"
    CHURNED = "churned"


class ContactRole(StrEnum):
    """What a person does at the customer."""

    OPERATOR = "operator"
    ADMIN = "admin"
    CHAMPION = "champion"
    DECISION_MAKER = "decision_maker"
    BILLING = "billing"
    OTHER = "other"


class Literacy(StrEnum):
    """How much help a person needs with the product."""

    LOW = "low"
    MID = "mid"
    HIGH = "high"


class ActivityKind(StrEnum):
    """Kinds of timeline entry; the first four are added by people."""

    NOTE = "note"
    CALL = "call"
    MEETING = "meeting"
    MAIL = "mail"
    TICKET = "ticket"
    SURVEY = "survey"
    USAGE = "usage"
    STAGE = "stage"
    SCORE = "score"
    SIGNAL = "signal"
    CONTRACT = "contract"
    CANCELLATION = "cancellation"
    OWNER = "owner"
    TASK = "task"


MANUAL_KINDS = (ActivityKind.NOTE, ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.MAIL)


class TaskStatus(StrEnum):
    """The life of a task."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class RowOutcome(StrEnum):
    """What happened to one row of a bulk write."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


#: Roles that own accounts.
OWNERS = frozenset({Role.CSM, Role.SALES})


def owns_account(actor: Actor, account: Any) -> bool:
    """Whether the actor is the account's owner on the CS or the sales side."""
    return actor.user_id is not None and actor.user_id in (
        account.cs_owner_id,
        account.sales_owner_id,
    )


def owns_task(actor: Actor, task: Any) -> bool:
    """Whether the actor has to do the task or made it."""
    return actor.user_id is not None and actor.user_id in (task.owner_id, task.created_by_id)
