"""From what identify calls say to the people at accounts."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import md5
from typing import Any

from banso.accounts.services.bulk_people import ContactRow, upsert_contacts
from banso.accounts.services.fields import CONTACT_CHECKS
from banso.usage.models import EventSource, Membership, Person
from banso.usage.rules.intake.describing import further_facts, person_facts
from banso.usage.rules.intake.folding import applying, settled, values
from banso.usage.services.intake.directory import Directory
from banso.usage.services.intake.groups import checked_values
from banso.usage.services.intake.lookups import rows_of
from banso.workspace.types import SYSTEM, RowOutcome

_MOST_ID = 200


def settle_contacts(source: EventSource, directory: Directory, users: Iterable[str]) -> set[int]:
    """Add or complete the people behind user ids at all accounts they belong or belonged to.

    Only people with a name or a mail address are added. What somebody has changed since, and what
    came from elsewhere, stays; consent is never touched.

    Returns:
        Accounts whose people changed.
    """
    people = list(rows_of(Person.objects.filter(source=source), "user_key", users))
    keys = [person.user_key for person in people]
    directory.load(users=keys)
    directory.load_emails(keys)
    rows: list[ContactRow] = []
    behind: dict[str, Person] = {}
    for person in people:
        wanted = _wanted(person)
        if "name" in wanted:
            for account in directory.accounts_of_person(person.user_key):
                rows.append(ContactRow(_external_id(person.user_key, account), account, wanted))
                behind[rows[-1].external_id] = person
    return _write(source, rows, behind)


def members_of(source: EventSource, groups: Iterable[str]) -> set[str]:
    """Users that were seen in any of the groups."""
    found = Membership.objects.filter(source=source).values_list("group_key", "user_key")
    return {user for _group, user in rows_of(found, "group_key", groups)}


def _write(source: EventSource, rows: list[ContactRow], behind: dict[str, Person]) -> set[int]:
    written = {row.external_id: dict(row.values) for row in rows}

    def settle(row: ContactRow, contact: Any) -> dict[str, Any]:
        applied = behind[row.external_id].applied
        chosen = written[row.external_id] = settled(vars(contact), applied, row.values)
        return chosen

    results = upsert_contacts(actor=SYSTEM, source=source.key, rows=rows, settle=settle)
    touched = set()
    for row, result in zip(rows, results, strict=True):
        if result.outcome is not RowOutcome.UNCHANGED:
            person = behind[row.external_id]
            person.applied = applying(person.applied, written[row.external_id])
            touched.add(row.account_id)
    Person.objects.bulk_update(set(behind.values()), ["applied"], batch_size=500)
    return touched


def _wanted(person: Person) -> dict[str, Any]:
    """Fields of the contact; without a name the mail address stands for it."""
    traits = values(person.traits)
    found = checked_values(dict(person_facts(traits)), CONTACT_CHECKS)
    name = found.get("name") or found.get("email")
    if not name:
        return {}
    further = further_facts(traits)
    wanted = {**found, "name": str(name)[:200], "user_key": person.user_key}
    return {**wanted, "attributes": further} if further else wanted


def _external_id(user: str, account: int) -> str:
    """A user is one person per account, since a contact belongs to one."""
    ending = f"/{account}"
    if len(user) + len(ending) > _MOST_ID:
        user = md5(user.encode(), usedforsecurity=False).hexdigest()
    return user + ending
