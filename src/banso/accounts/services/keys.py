"""The ids under which sources know accounts."""

from __future__ import annotations

from collections.abc import Mapping

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
def forget_key(*, actor: Actor, source: str, key: str, account_id: int) -> None:
    """Take back an account's id of a source; what came under it stays where it is."""
    require(actor, "accounts.load")
    gone, _ = AccountKey.objects.filter(
        source=source, external_id=key, account_id=account_id
    ).delete()
    if gone:
        before = {key: account_id}
        audit.record(actor, "account_keys.forgotten", "source", source, before=before)
