"""The ids under which sources know accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from banso.accounts.models import AccountKey
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.types import Actor


@transaction.atomic
def learn_keys(*, actor: Actor, source: str, keys: Mapping[str, int]) -> None:
    """Note the source's ids of accounts that are there already; known ids stay as they are.

    Args:
        keys: the source's id → account id.
    """
    require(actor, "accounts.load")
    known = AccountKey.objects.filter(source=source, external_id__in=keys)
    there = set(known.values_list("external_id", flat=True))
    new = {key: account for key, account in sorted(keys.items()) if key not in there}
    if not new:
        return
    AccountKey.objects.bulk_create(
        [AccountKey(source=source, external_id=key, account_id=new[key]) for key in new]
    )
    audit.record(actor, "account_keys.learned", "source", source, after=new)


@transaction.atomic
def forget_keys(*, actor: Actor, source: str, keys: Iterable[str]) -> None:
    """Take back ids of a source; what came under them stays where it is."""
    require(actor, "accounts.load")
    found = AccountKey.objects.filter(source=source, external_id__in=list(keys))
    before = dict(found.values_list("external_id", "account_id"))
    if before:
        found.delete()
        audit.record(actor, "account_keys.forgotten", "source", source, before=before)
