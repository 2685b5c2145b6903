"""The people at accounts: adding, changing, and noting that one has left."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.models import Account, Contact
from banso.accounts.rules import contact_search_text
from banso.accounts.services.fields import CONTACT_CHECKS, checked
from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.workspace.policies import require
from banso.workspace.selectors import business_day
from banso.workspace.services import audit
from banso.workspace.services.records import take
from banso.workspace.types import Actor


def _check_email_once(contact: Contact) -> None:
    if not contact.email:
        return
    others = Contact.objects.filter(account_id=contact.account_id, email__iexact=contact.email)
    taken = others.exclude(pk=contact.pk).first()
    if taken:
        message = _("%(name)s at this account already has this mail address.") % {
            "name": taken.name
        }
        raise InvalidInputError(message, code="duplicate-contact", fields={"email": message})


def _save(contact: Contact) -> None:
    _check_email_once(contact)
    contact.search_text = contact_search_text(vars(contact))
    contact.updated_at = clock.now()
    contact.save()


@transaction.atomic
def create_contact(*, actor: Actor, account: Account, **fields: Any) -> Contact:
    """Add a person to an account.

    Raises:
        InvalidInputError: a field cannot be taken, or the account has this mail address already.
    """
    require(actor, "accounts.edit", account)
    values = checked({"name": "", **fields}, CONTACT_CHECKS)
    contact = Contact(account=account, source="manual", created_at=clock.now(), **values)
    _save(contact)
    audit.record(actor, "contact.created", "contact", contact.uid, after=values)
    return contact


@transaction.atomic
def change_contact(*, actor: Actor, contact: Contact, **changes: Any) -> Contact:
    """Change fields of a person; ``left_on`` null brings back somebody who had left."""
    take(contact)
    require(actor, "accounts.edit", contact.account)
    values = checked(changes, CONTACT_CHECKS)
    values = {field: new for field, new in values.items() if getattr(contact, field) != new}
    if not values:
        return contact
    before = {field: getattr(contact, field) for field in values}
    for field, new in values.items():
        setattr(contact, field, new)
    _save(contact)
    audit.record(actor, "contact.changed", "contact", contact.uid, before=before, after=values)
    return contact


def remove_contact(*, actor: Actor, contact: Contact) -> Contact:
    """Note that a person has left today; what he did stays."""
    return change_contact(actor=actor, contact=contact, left_on=business_day())
