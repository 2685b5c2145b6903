"""Deleting the messages of somebody who is to be forgotten, wherever they still wait."""

from __future__ import annotations

from django.db import transaction

from banso.kit.errors import InvalidInputError
from banso.usage.models import (
    EventSource,
    HeldMessages,
    InboxBatch,
    RecentArrivals,
    RefusedMessage,
    UnmatchedParty,
)
from banso.usage.rules.collect import bodies
from banso.usage.rules.intake.leaving import Leaving, cut_out
from banso.usage.rules.intake.requests import read_held, to_held

#: Rows that are looked through in one transaction.
CHUNK = 200


def forget_messages(source: EventSource, leaving: Leaving) -> None:
    """Delete messages from the inbox, from quarantine, and from among what is held."""
    for waiting in InboxBatch.objects.filter(source=source).order_by("id").iterator(CHUNK):
        _forget_waiting(waiting, leaving)
    for refused in RefusedMessage.objects.filter(source=source).iterator(CHUNK):
        if leaving.sent(bytes(refused.body)):
            refused.delete()
    for row in HeldMessages.objects.filter(party__source=source).iterator(CHUNK):
        _forget_held(row, leaving)
    RecentArrivals.objects.filter(source=source).delete()


@transaction.atomic
def _forget_waiting(row: InboxBatch, leaving: Leaving) -> None:
    try:
        body = bodies.unpack(bytes(row.body)) if row.is_gzip else bytes(row.body)
        rest = cut_out(leaving, body, row.route, row.refused)
    except InvalidInputError:
        # Nobody can say whose a damaged body is, and nobody can take it either.
        return
    if rest is None:
        return
    # A drain may have read the row already. Another number keeps it from taking what it read, and
    # when it was faster, its events are in a batch by now.
    taken, _ = InboxBatch.objects.filter(pk=row.pk).delete()
    if taken and (rest.messages or rest.refused):
        row.pk, row.route, row.is_gzip = None, "batch", False
        row.body, row.messages, row.refused = rest.body, rest.messages, rest.refused
        row.save(force_insert=True)


@transaction.atomic
def _forget_held(row: HeldMessages, leaving: Leaving) -> None:
    messages = read_held(bytes(row.payload))
    kept = [one for one in messages if not leaving.sent(bytes(one.text))]
    gone = len(messages) - len(kept)
    if not gone:
        return
    if kept:
        HeldMessages.objects.filter(pk=row.pk).update(payload=to_held(kept), messages=len(kept))
    else:
        HeldMessages.objects.filter(pk=row.pk).delete()
    party = UnmatchedParty.objects.select_for_update().get(pk=row.party_id)
    party.messages, party.sample = max(party.messages - gone, 0), {}
    party.save(update_fields=["messages", "sample"])
