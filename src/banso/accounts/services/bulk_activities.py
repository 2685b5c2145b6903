"""Timeline entries that come in many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from banso.accounts.models import Activity
from banso.kit import clock
from banso.workspace.policies import require
from banso.workspace.services import bulk
from banso.workspace.types import Actor, RowResult


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One entry as a source knows it; ``values`` are fields of an activity."""

    external_id: str
    values: Mapping[str, Any]


@transaction.atomic
def upsert_activities(
    *, actor: Actor, source: str, rows: Sequence[ActivityRow], dry_run: bool = False
) -> list[RowResult]:
    """Create or change entries; the same rows again change nothing.

    Returns:
        One result per row, in order.
    """
    require(actor, "accounts.load")
    results, _ = bulk.upsert_named(
        Activity, "activity", source, rows, new={"created_at": clock.now()}, dry_run=dry_run
    )
    return results


@transaction.atomic
def undo_activities(*, actor: Actor, changes: Iterable[bulk.Change]) -> bulk.Undone:
    """Take back what :func:`upsert_activities` did, newest first."""
    require(actor, "accounts.load")
    return bulk.undo(Activity, changes)
