"""Plain values about accounts and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


class Side(StrEnum):
    """The two sides that own an account."""

    CS = "cs"
    SALES = "sales"


@dataclass(frozen=True, slots=True)
class Entry:
    """One timeline entry that the system writes.

    ``source`` and ``external_id`` name the fact, so that writing it twice adds nothing. The page
    words the entry in the reader's language from ``kind`` and ``data``:

    * ``score``: ``{"from", "to", "from_band", "to_band"}``
    * ``signal``: ``{"event": "opened"|"cleared"|"snoozed"|"resolved"|"reopened", "name_ja",
      "name_en", "direction"}``
    * ``contract``: ``{"event": "started"|"changed"|"renewed"|"ended", "product", "arr_before",
      "arr_after", "currency"}`` (ARR in minor units)
    * ``stage``: ``{"from", "to"}`` (lifecycle)
    * ``owner``: ``{"side", "from", "to"}`` (people's names; empty for nobody)
    * ``task``: ``{"event": "done", "title"}``
    * ``ticket``: ``{"event": "opened"|"closed", "priority"}``, the subject as ``title``
    * ``survey``: ``{"score"}`` 0 to 10, the comment as ``body``
    * others: ``title`` and ``body`` as they stand
    """

    account_id: int
    kind: ActivityKind
    happened_at: datetime
    source: str
    external_id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    body: str = ""
    contact_id: int | None = None
    author_id: int | None = None


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


def wrote_entry(actor: Actor, entry: Any) -> bool:
    """Whether the actor wrote the timeline entry by hand."""
    return actor.user_id is not None and actor.user_id == entry.author_id


def keeps_segment(actor: Actor, segment: Any) -> bool:
    """Whether the saved segment is the actor's own."""
    return actor.user_id is not None and actor.user_id == segment.owner_id
