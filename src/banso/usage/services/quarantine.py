"""Seeing to what was refused, and to requests that the worker could not take."""

from __future__ import annotations

import json

from django.db import transaction

from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.usage.models import InboxBatch, RefusedMessage
from banso.usage.rules.collect.door import examine
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.services.records import take
from banso.workspace.types import Actor

#: Messages looked at in one transaction, so that the door is never kept waiting.
CHUNK = 500


@transaction.atomic
def replay_message(*, actor: Actor, message: RefusedMessage) -> bool:
    """Read a refused message again under the rules of today; whether it is taken now.

    One that is taken goes to the inbox with the time at which it was received; doing this twice
    changes nothing. One that is not stays, with the reason of today.
    """
    require(actor, "usage.match")
    take(message)
    taken = message.replayed_at is not None or _replay(message)
    if taken:
        _record(actor, "refused.replayed", {message.code: 1})
    return taken


def replay_all(*, actor: Actor, code: str) -> tuple[int, int]:
    """Read all messages refused for a reason again; returns how many are taken, how many not."""
    require(actor, "usage.match")
    taken = looked_at = 0
    waiting = RefusedMessage.objects.filter(code=code, replayed_at=None).order_by("id")
    ids = list(waiting.values_list("id", flat=True))
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            part = waiting.filter(pk__in=ids[start : start + CHUNK]).select_for_update()
            results = [_replay(message) for message in part]
        taken, looked_at = taken + sum(results), looked_at + len(results)
    if taken:
        _record(actor, "refused.replayed", {code: taken})
    return taken, looked_at - taken


@transaction.atomic
def discard_message(*, actor: Actor, message: RefusedMessage) -> None:
    """Throw a refused message away."""
    require(actor, "usage.match")
    _record(actor, "refused.discarded", {message.code: 1})
    message.delete()


@transaction.atomic
def discard_all(*, actor: Actor, code: str) -> int:
    """Throw all messages refused for a reason away; returns how many."""
    require(actor, "usage.match")
    count, _ = RefusedMessage.objects.filter(code=code, replayed_at=None).delete()
    if count:
        _record(actor, "refused.discarded", {code: count})
    return count


@transaction.atomic
def retry_request(*, actor: Actor, batch: InboxBatch) -> None:
    """Let the worker try a request again that was set aside, with as many tries as a new one."""
    require(actor, "usage.match")
    take(batch)
    batch.attempts, batch.problem, batch.set_aside_at, batch.retry_at = 0, "", None, None
    batch.save(update_fields=["attempts", "problem", "set_aside_at", "retry_at"])
    _record(actor, "set_aside.replayed", {"messages": batch.messages})


@transaction.atomic
def discard_request(*, actor: Actor, batch: InboxBatch) -> None:
    """Throw a request away that was set aside; its messages are lost.

    Raises:
        NotFoundError: it is no longer there.
    """
    require(actor, "usage.match")
    take(batch)
    _record(actor, "set_aside.discarded", {"messages": batch.messages})
    batch.delete()


def _replay(message: RefusedMessage) -> bool:
    body = _request_of(message)
    try:
        found = examine(body, message.route, message.received_at)
        code = next((one.code for one in found.refused), "")
    except InvalidInputError as error:
        code = error.code
    if code:
        RefusedMessage.objects.filter(pk=message.pk).update(code=code)
        return False
    InboxBatch.objects.create(
        source_id=message.source_id,
        route=message.route,
        received_at=message.received_at,
        body=body,
        messages=1,
    )
    RefusedMessage.objects.filter(pk=message.pk).update(replayed_at=clock.now())
    return True


def _request_of(message: RefusedMessage) -> bytes:
    """The message as a request of its own, with the time at which its request was sent."""
    body = bytes(message.body)
    if message.route != "batch":
        return body
    return b'{"batch":[%b],"sentAt":%b}' % (body, json.dumps(message.sent_at or None).encode())


def _record(actor: Actor, action: str, counts: dict[str, int]) -> None:
    audit.record(actor, action, "refused_message", "", after=counts)
