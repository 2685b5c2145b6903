"""Who owns which account: handing over one or thousands, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.events import OwnersAssigned
from banso.accounts.models import Account
from banso.accounts.selectors import visible
from banso.accounts.selectors.handovers import ASSIGNED, UNDO_DAYS, UNDONE
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry, Side
from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError, NotFoundError
from banso.workspace.policies import require
from banso.workspace.selectors import audit_entries, users
from banso.workspace.services import audit, events
from banso.workspace.types import Actor, Role

OWNING_ROLES = frozenset({Role.CSM, Role.SALES, Role.LEADER, Role.ADMIN})
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a bulk assignment did; ``token`` undoes it for 30 days."""

    token: UUID | None
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did; accounts that somebody has changed since are skipped."""

    restored: int
    skipped: int


def check_owner(owner: Any) -> None:
    """Refuse people who cannot own accounts.

    Raises:
        InvalidInputError: the person is inactive or only looks.
    """
    if owner is not None and (not owner.is_active or Role(owner.role) not in OWNING_ROLES):
        raise InvalidInputError(
            _("%(name)s cannot own accounts.") % {"name": owner.name}, code="not-an-owner"
        )


def record_owner_change(actor: Actor, rows: Iterable[tuple[int, Side, str, str]]) -> None:
    """Note on the timeline: account id, side, name of the owner before and after."""
    now = clock.now()
    record_entries(
        Entry(
            account_id=account_id,
            kind=ActivityKind.OWNER,
            happened_at=now,
            source="banso",
            external_id=f"owner:{uuid4()}",
            data={"side": side, "from": before, "to": after},
            author_id=actor.user_id,
        )
        for account_id, side, before, after in rows
    )


@transaction.atomic
def assign_owner(*, actor: Actor, account_ids: Iterable[int], side: Side, owner: Any) -> Assignment:
    """Give accounts another owner on one side; ``owner`` null takes the owner away.

    Raises:
        ForbiddenError: only leaders and administrators hand over accounts.
        InvalidInputError: the person cannot own accounts.
    """
    require(actor, "accounts.assign")
    check_owner(owner)
    field = f"{Side(side)}_owner_id"
    new_id = owner.pk if owner else None
    rows = dict(_owners_now(actor, account_ids, field))
    moved = {pk: old for pk, old in rows.items() if old != new_id}
    if not moved:
        return Assignment(None, 0, len(rows))
    token = uuid4()
    _move(moved, field, new_id)
    audit.record(
        actor,
        ASSIGNED,
        "accounts",
        token,
        before={"field": field, "owners": {str(pk): old for pk, old in moved.items()}},
        after={"owner": new_id},
    )
    _note(actor, Side(side), {pk: (old, new_id) for pk, old in moved.items()})
    events.publish(OwnersAssigned(tuple(moved)))
    return Assignment(token, len(moved), len(rows) - len(moved))


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    pending = list(ids)
    return (pending[start : start + CHUNK] for start in range(0, len(pending), CHUNK))


def _owners_now(actor: Actor, ids: Iterable[int], field: str) -> Iterator[tuple[int, int | None]]:
    for chunk in _chunks(ids):
        rows = visible(actor).filter(pk__in=chunk).select_for_update()
        yield from rows.values_list("pk", field)


def _move(ids: Iterable[int], field: str, owner_id: int | None) -> None:
    now = clock.now()
    for chunk in _chunks(ids):
        Account.objects.filter(pk__in=chunk).update(**{field: owner_id, "updated_at": now})


def _note(actor: Actor, side: Side, moved: dict[int, tuple[int | None, int | None]]) -> None:
    """Put hand-overs on the timelines: account id to its owners before and after."""
    names = dict(users(active_only=False).values_list("pk", "name"))
    record_owner_change(
        actor,
        (
            (pk, side, names.get(before or 0, ""), names.get(after or 0, ""))
            for pk, (before, after) in moved.items()
        ),
    )


def _undoable(token: UUID) -> Any:
    made = audit_entries().filter(target_type="accounts", target_uid=str(token))
    entry = made.filter(action=ASSIGNED).first()
    if entry is None:
        raise NotFoundError(_("This assignment does not exist."))
    if made.filter(action=UNDONE).exists():
        raise ConflictError(_("This has already been undone."), code="already-undone")
    if clock.now() - entry.at > timedelta(days=UNDO_DAYS):
        raise ConflictError(
            _("This can be undone for %(days)d days only.") % {"days": UNDO_DAYS}, code="too-late"
        )
    return entry.detail


@transaction.atomic
def undo_assignment(*, actor: Actor, token: UUID) -> Undone:
    """Give accounts back to their owners from before, where nobody has changed the owner since.

    Raises:
        NotFoundError: no assignment has this token.
        ConflictError: it was undone already, or is more than 30 days old.
    """
    require(actor, "accounts.assign")
    detail = _undoable(token)
    field, owners = detail.before["field"], detail.before["owners"]
    now_with = detail.after["owner"]
    restored: dict[int, tuple[int | None, int | None]] = {}
    for old, ids in _by_owner(owners).items():
        still = [pk for pk, held in _owners_now(actor, ids, field) if held == now_with]
        owner = _existing(old)
        _move(still, field, owner)
        restored |= dict.fromkeys(still, (now_with, owner))
    _note(actor, Side(field.removesuffix("_owner_id")), restored)
    result = Undone(len(restored), len(owners) - len(restored))
    audit.record(actor, UNDONE, "accounts", token, after={"restored": sorted(restored)})
    events.publish(OwnersAssigned(tuple(restored)))
    return result


def _by_owner(owners: dict[str, int | None]) -> dict[int | None, list[int]]:
    groups: dict[int | None, list[int]] = {}
    for pk, old in owners.items():
        groups.setdefault(old, []).append(int(pk))
    return groups


def _existing(owner_id: int | None) -> int | None:
    return owner_id if users(active_only=False).filter(pk=owner_id or 0).exists() else None
