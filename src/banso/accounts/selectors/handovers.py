"""What a hand-over of accounts would change, and which can still be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from banso.accounts.selectors.accounts import visible
from banso.accounts.types import Side
from banso.kit import clock
from banso.workspace.selectors import audit_entries
from banso.workspace.types import Actor

UNDO_DAYS = 30
CHUNK = 500
ASSIGNED, UNDONE = "accounts.owner_assigned", "accounts.owner_assignment_undone"


def owned_otherwise(actor: Actor, ids: Iterable[int], side: Side, owner: Any) -> list[int]:
    """Of the accounts, in their order, those that a hand-over to this owner would change."""
    pending, field = list(ids), f"{side}_owner_id"
    held: dict[int, int | None] = {}
    for start in range(0, len(pending), CHUNK):
        rows = visible(actor).filter(pk__in=pending[start : start + CHUNK])
        held |= dict(rows.values_list("pk", field))
    new = owner.pk if owner else None
    return [pk for pk in pending if pk in held and held[pk] != new]


def undoable_hand_overs(tokens: Iterable[str]) -> set[UUID]:
    """Of the tokens, those of hand-overs of the last 30 days that nobody has undone yet."""
    made = audit_entries().filter(target_type="accounts", target_uid__in=list(tokens))
    since = clock.now() - timedelta(days=UNDO_DAYS)
    open_still = made.filter(action=ASSIGNED, at__gte=since).values_list("target_uid", flat=True)
    undone = set(made.filter(action=UNDONE).values_list("target_uid", flat=True))
    return {UUID(token) for token in open_still if token not in undone}
