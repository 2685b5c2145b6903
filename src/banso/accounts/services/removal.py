"""Removing accounts for good, with everything that belongs to them."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from banso.accounts.models import Account
from banso.workspace.policies import require
from banso.workspace.services import audit
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
