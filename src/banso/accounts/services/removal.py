"""Removing accounts for good, with everything that belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import transaction

from banso.accounts.events import AccountErased
from banso.accounts.models import Account, Activity, Contact
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

CHUNK = 200


def remove_accounts_of_source(
    *, actor: Actor, source: str, progress: Callable[[int, int], None] | None = None
) -> int:
    """Delete every account that came from a source; returns how many.

    Contracts, tickets, answers, scores and tasks of an account go with it. Works in chunks, so that
    others can go on writing meanwhile; told to do it again, it goes on where it stopped.
    """
    require(actor, "accounts.delete")
    total = Account.objects.filter(source=source).count()
    done = 0
    while ids := list(Account.objects.filter(source=source).values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            Account.objects.filter(pk__in=ids).delete()
            audit.record(actor, "accounts.removed", "source", source, after={"accounts": len(ids)})
        done += len(ids)
        if progress:
            progress(done, total)
    return done


@transaction.atomic
def erase_account_record(*, actor: Actor, account: Account) -> None:
    """Delete an account and what belongs to it; usage of it is to be erased before."""
    require(actor, "accounts.delete")
    account_id, uid = account.pk, account.uid
    Account.objects.filter(pk=account_id).delete()
    audit.record(actor, "account.erased", "account", uid)
    events.publish(AccountErased(account_id))


@transaction.atomic
def erase_contacts(*, actor: Actor, people: Collection[int]) -> None:
    """Delete people at accounts, and what system entries say of them.

    What colleagues have written about them stays.
    """
    require(actor, "accounts.delete")
    found = Contact.objects.filter(pk__in=people)
    Activity.objects.filter(contact__in=found, author=None).delete()
    gone = list(found.values_list("uid", flat=True))
    found.delete()
    for uid in gone:
        audit.record(actor, "contact.erased", "contact", uid)
