"""Contacts that come in many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from banso.accounts.models import Contact
from banso.accounts.rules import contact_search_text
from banso.kit import clock
from banso.workspace.policies import require
from banso.workspace.services import bulk
from banso.workspace.types import Actor, RowResult


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One person as a source knows him; ``external_id`` is empty where it has no ids."""

    external_id: str
    account_id: int
    values: Mapping[str, Any]


@transaction.atomic
def upsert_contacts(
    *,
    actor: Actor,
    source: str,
    rows: Sequence[ContactRow],
    dry_run: bool = False,
    settle: Callable[[ContactRow, Any], Mapping[str, Any]] | None = None,
) -> list[RowResult]:
    """Create or change people; the same rows again change nothing.

    A person is the same when the source's id is known; else when the account has exactly this mail
    address; else, for rows without both, when it has exactly this name.

    Args:
        settle: chooses from a row's values those to write over a person who is there already, who
            then keeps the account and the source's id; all where it is absent.

    Returns:
        One result per row, in order.
    """
    require(actor, "accounts.load")
    find = _finder(source, rows)
    drafts = []
    for row in rows:
        found = find(row)
        drafts.append(bulk.Row(found, settle(row, found) if settle and found else _values(row)))
    now = clock.now()
    results, _ = bulk.upsert(
        Contact,
        "contact",
        drafts,
        new={"source": source, "created_at": now, "updated_at": now},
        touch={"updated_at": now},
        derive=_derived,
        dry_run=dry_run,
    )
    return results


@transaction.atomic
def undo_contacts(*, actor: Actor, changes: Iterable[bulk.Change]) -> bulk.Undone:
    """Take back what :func:`upsert_contacts` did, newest first."""
    require(actor, "accounts.load")
    return bulk.undo(Contact, changes, touch={"updated_at": clock.now()}, derive=_derived)


def _values(row: ContactRow) -> dict[str, Any]:
    values = {**row.values, "account_id": row.account_id}
    if row.external_id:
        values["external_id"] = row.external_id
    return values


def _finder(source: str, rows: Sequence[ContactRow]) -> Any:
    ids = [row.external_id for row in rows if row.external_id]
    by_id = {
        contact.external_id: contact
        for contact in Contact.objects.filter(source=source, external_id__in=ids)
    }
    left = [row for row in rows if row.external_id not in by_id]
    by_mail: dict[tuple[int, str], Contact] = {}
    by_name: dict[tuple[int, str], Contact] = {}
    people = Contact.objects.filter(account_id__in={row.account_id for row in left})
    for contact in people.order_by("-id") if left else ():
        by_name[contact.account_id, contact.name] = contact
        if contact.email:
            by_mail[contact.account_id, contact.email.lower()] = contact
    taken: set[int] = {contact.pk for contact in by_id.values()}

    def find(row: ContactRow) -> Contact | None:
        if row.external_id in by_id:
            return by_id[row.external_id]
        mail = row.values.get("email", "")
        if mail:
            found = by_mail.get((row.account_id, mail.lower()))
        else:
            found = by_name.get((row.account_id, row.values.get("name", "")))
        if found is None or found.pk in taken:
            return None
        # Two ids of one source are two people there, even when they share a mail address.
        if row.external_id and found.source == source and found.external_id:
            return None
        taken.add(found.pk)
        return found

    return find


def _derived(contact: Contact) -> dict[str, str]:
    return {"search_text": contact_search_text(vars(contact))}
