"""Writing the timeline: what people log, and what the system notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.events import TouchLogged
from banso.accounts.models import Account, Activity, Contact
from banso.accounts.services.fields import Check, as_is, checked, long_text, text
from banso.accounts.types import MANUAL_KINDS, Entry
from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.services.records import take
from banso.workspace.types import Actor

CHUNK = 2000


def _manual_kind(value: Any) -> str:
    if value not in MANUAL_KINDS:
        raise InvalidInputError(_("Choose note, call, meeting or mail."))
    return str(value)


def _moment(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInputError(_("Give the day and time at which it happened."))
    if value > clock.now():
        raise InvalidInputError(_("This lies in the future. Plan it as a task instead."))
    return value


TOUCH_CHECKS: dict[str, Check] = {
    "kind": _manual_kind,
    "happened_at": _moment,
    "title": text(300),
    "body": long_text,
    "contact": as_is,
}


def _check_content(title: str, body: str) -> None:
    if not title and not body:
        message = _("Write down what happened, in a few words at least.")
        raise InvalidInputError(message, fields={"body": message})


def _check_contact(account: Account, contact: Contact | None) -> None:
    if contact is not None and contact.account_id != account.pk:
        message = _("This person does not belong to the account.")
        raise InvalidInputError(message, fields={"contact": message})


def _image(entry: Activity) -> dict[str, Any]:
    fields = ("kind", "happened_at", "title", "body", "contact_id")
    return {field: getattr(entry, field) for field in fields}


@transaction.atomic
def log_touch(
    *,
    actor: Actor,
    account: Account,
    kind: str,
    title: str = "",
    body: str = "",
    happened_at: datetime | None = None,
    contact: Contact | None = None,
) -> Activity:
    """Note a call, meeting or mail with the customer, or write a note; now where no time is given.

    Raises:
        InvalidInputError: nothing was written, it lies in the future, or the person is of another
            account.
    """
    require(actor, "accounts.note", account)
    values = checked(
        {"kind": kind, "title": title, "body": body, "happened_at": happened_at or clock.now()},
        TOUCH_CHECKS,
    )
    _check_content(values["title"], values["body"])
    _check_contact(account, contact)
    entry = Activity.objects.create(
        account=account, contact=contact, author_id=actor.user_id, created_at=clock.now(), **values
    )
    audit.record(actor, "entry.added", "activity", entry.uid, after=_image(entry))
    events.publish(TouchLogged(account.pk))
    return entry


def _require_by_hand(actor: Actor, entry: Activity) -> None:
    require(actor, "accounts.edit_entry", entry)
    if entry.kind not in MANUAL_KINDS:
        raise ConflictError(
            _("The system wrote this entry; it stays as it is."), code="system-entry"
        )


@transaction.atomic
def change_entry(*, actor: Actor, entry: Activity, **changes: Any) -> Activity:
    """Change a note, call, meeting or mail that the actor wrote (leaders: anybody's)."""
    take(entry)
    _require_by_hand(actor, entry)
    before = _image(entry)
    for field, value in checked(changes, TOUCH_CHECKS).items():
        setattr(entry, field, value)
    _check_content(entry.title, entry.body)
    _check_contact(entry.account, entry.contact)
    entry.save()
    audit.record(actor, "entry.changed", "activity", entry.uid, before=before, after=_image(entry))
    events.publish(TouchLogged(entry.account_id))
    return entry


@transaction.atomic
def delete_entry(*, actor: Actor, entry: Activity) -> None:
    """Take out an entry that the actor wrote (leaders: anybody's)."""
    _require_by_hand(actor, entry)
    audit.record(actor, "entry.deleted", "activity", entry.uid, before=_image(entry))
    entry.delete()
    events.publish(TouchLogged(entry.account_id))


def record_entries(rows: Iterable[Entry]) -> None:
    """Write entries of the system in bulk; a fact that stands there already is brought up to date.

    Such entries only repeat what their own room has kept and audited, so they carry no audit entry.
    The page words them in the reader's language; see :class:`banso.accounts.types.Entry`.
    """
    now = clock.now()
    # One statement may not touch a row twice, so of one fact told twice the later word counts.
    facts = {(row.source, row.external_id): row for row in rows}
    Activity.objects.bulk_create(
        (
            Activity(
                account_id=row.account_id,
                kind=row.kind,
                happened_at=row.happened_at,
                title=row.title[:300],
                body=row.body,
                data=dict(row.data),
                source=row.source,
                external_id=row.external_id,
                contact_id=row.contact_id,
                author_id=row.author_id,
                created_at=now,
            )
            for row in facts.values()
        ),
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=[
            "account", "kind", "happened_at", "title", "body", "data", "contact", "author",
        ],
    )  # fmt: skip


def withdraw_entries(source: str, external_ids: Iterable[str]) -> None:
    """Take system entries back whose fact was undone, such as a task that was reopened."""
    ids = list(external_ids)
    # Databases limit how many values one statement may carry.
    for start in range(0, len(ids), CHUNK):
        Activity.objects.filter(source=source, external_id__in=ids[start : start + CHUNK]).delete()
