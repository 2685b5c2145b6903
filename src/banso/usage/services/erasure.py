"""Forgetting a person or an account wherever usage keeps them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q

from banso.usage.models import (
    EventSource,
    HeldMessages,
    KnownAs,
    KnownGroup,
    Membership,
    Person,
    RecentArrivals,
    RefusedMessage,
    UnmatchedParty,
    UsageBatch,
    UsageProfile,
)
from banso.usage.models.unmatched import GROUP
from banso.usage.rules.collect.messages import named
from banso.usage.rules.intake.messages import decode_message, key_of
from banso.usage.rules.intake.requests import read_held, to_held
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.batches import to_ipc
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.types import Actor

#: Rows of refused or held messages that are looked through in one transaction.
CHUNK = 200


def forget_person(*, actor: Actor, source: EventSource, user_key: str) -> list[int]:
    """Delete a user of a source, with all ids he was known by, from usage and all that waits.

    The contacts made of him are those of the accounts, which delete them themselves.

    Returns:
        Batches that were written anew; whoever has made something of them does so again.
    """
    require(actor, "usage.erase")
    links = KnownAs.objects.filter(source=source, user_key=user_key)
    keys = {user_key, *links.values_list("former_key", flat=True)}
    with transaction.atomic():
        links.delete()
        for model in (Person, Membership):
            model.objects.filter(source=source, user_key__in=keys).delete()
        parties = UnmatchedParty.objects.filter(source=source, key__in=keys)
        parties.exclude(kind=GROUP).delete()
        RecentArrivals.objects.filter(source=source).delete()
        audit.record(actor, "usage.person_erased", "event_source", source.uid)
    _forget_messages(source, keys)
    batches = UsageBatch.objects.filter(source=source.key).order_by("id")
    return [
        pk
        for pk in batches.values_list("id", flat=True)
        if _rewrite(pk, "user_key", pa.array(sorted(keys), pa.string()))
    ]


def forget_account(*, actor: Actor, account_id: int, keys: Iterable[tuple[str, str]]) -> list[int]:
    """Delete an account's usage, and what sources told about its groups.

    Args:
        keys: the (source, id) pairs under which the account is known.

    Returns:
        Batches that were written anew.
    """
    require(actor, "usage.erase")
    with transaction.atomic():
        for source, group in keys:
            mine = Q(source__key=source, group_key=group)
            KnownGroup.objects.filter(mine).delete()
            Membership.objects.filter(mine).delete()
            UnmatchedParty.objects.filter(source__key=source, kind=GROUP, key=group).delete()
        UsageProfile.objects.filter(account_id=account_id).delete()
        RecentArrivals.objects.all().delete()
        audit.record(actor, "usage.account_erased", "account", account_id)
    ids = pa.array([account_id], pa.int64())
    batches = UsageBatch.objects.order_by("id").values_list("id", flat=True)
    return [pk for pk in batches if _rewrite(pk, "account_id", ids)]


@transaction.atomic
def _rewrite(batch_id: int, column: str, leaving: pa.Array) -> bool:
    """Take rows out of a batch; whether there were any."""
    rows = batch_rows(batch_id)
    going = pc.fill_null(pc.is_in(rows[column], value_set=leaving), False)
    if not pc.any(going).as_py():
        return False
    kept = rows.filter(pc.invert(going))
    UsageBatch.objects.filter(pk=batch_id).update(rows=kept.num_rows, payload=to_ipc(kept))
    return True


def _forget_messages(source: EventSource, keys: set[str]) -> None:
    """Delete what the person sent from quarantine and from among what other parties hold."""
    for refused in RefusedMessage.objects.filter(source=source).iterator(CHUNK):
        if _is_of(bytes(refused.body), keys):
            refused.delete()
    for row in HeldMessages.objects.filter(party__source=source).iterator(CHUNK):
        _forget_held(row, keys)


@transaction.atomic
def _forget_held(row: HeldMessages, keys: set[str]) -> None:
    messages = read_held(bytes(row.payload))
    kept = [one for one in messages if not _is_of(bytes(one.text), keys)]
    gone = len(messages) - len(kept)
    if not gone:
        return
    HeldMessages.objects.filter(pk=row.pk).update(payload=to_held(kept), messages=len(kept))
    party = UnmatchedParty.objects.select_for_update().get(pk=row.party_id)
    party.messages, party.sample = party.messages - gone, {}
    party.save(update_fields=["messages", "sample"])


def _is_of(text: bytes, keys: set[str]) -> bool:
    """Whether a message names one of the people; one that cannot be read is searched as text."""
    message = decode_message(text)
    if message is None:
        return any(msgspec.json.encode(key)[1:-1] in text for key in keys)
    names = (message.user_id, message.anonymous_id, message.previous_id)
    old = (message.old_user_id, message.old_anonymous_id, message.old_previous_id)
    return any(key_of(name) in keys for name in (*names, *old) if named(name))
