"""Which hand-overs of accounts can still be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from banso.kit import clock
from banso.workspace.selectors import audit_entries

UNDO_DAYS = 30
ASSIGNED, UNDONE = "accounts.owner_assigned", "accounts.owner_assignment_undone"


def undoable_hand_overs(tokens: Iterable[str]) -> set[UUID]:
    """Of the tokens, those of hand-overs of the last 30 days that nobody has undone yet."""
    made = audit_entries().filter(target_type="accounts", target_uid__in=list(tokens))
    since = clock.now() - timedelta(days=UNDO_DAYS)
    open_still = made.filter(action=ASSIGNED, at__gte=since).values_list("target_uid", flat=True)
    undone = set(made.filter(action=UNDONE).values_list("target_uid", flat=True))
    return {UUID(token) for token in open_still if token not in undone}
