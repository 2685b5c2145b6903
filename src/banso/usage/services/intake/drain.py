"""Emptying the inbox: each message becomes usage, tells about people, or waits to be matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import structlog
from django.db import InterfaceError, OperationalError, transaction

from banso.kit import clock
from banso.usage.models import EventSource, InboxBatch
from banso.usage.rules.intake.reading import Read, read_requests
from banso.usage.rules.intake.requests import moment_of, time_of
from banso.usage.rules.intake.seen import SeenKeys
from banso.usage.services.intake.arrivals import note_arrivals
from banso.usage.services.intake.holding import forget_empty, release
from banso.usage.services.intake.keeping import KnownFeatures
from banso.usage.services.intake.taking import DUPLICATE, HELD, Taken, take
from banso.usage.services.intake.waiting import (
    Load,
    next_held,
    next_requests,
    note_failures,
    open_requests,
    pass_over,
)
from banso.workspace.services import bulletins, lease

_log = structlog.get_logger(__name__)
_features = KnownFeatures()


@dataclass
class Drained:
    """What a drain did.

    Args:
        batches: number and rows (``RAW_COLUMNS``) of the batches that were kept, in order.
        rows: rows in them.
        messages: messages that were read, in the inbox and among those that waited.
        duplicates: events that were there already.
        held: events that wait because no account is known for them.
        refused: messages that nobody can read.
        set_aside: requests that failed too often and wait for a person.
        clamped: messages whose time was more than a day ahead, and became that of their receipt.
        accounts: accounts that messages created or changed.
        oldest_received_at: receipt of the oldest request that was taken.
        more: whether more waits.
    """

    batches: list[tuple[int, pa.Table]] = field(default_factory=list)
    rows: int = 0
    messages: int = 0
    duplicates: int = 0
    held: int = 0
    refused: int = 0
    set_aside: int = 0
    clamped: int = 0
    accounts: set[int] = field(default_factory=set)
    oldest_received_at: datetime | None = None
    more: bool = False


def drain_inbox(seen: SeenKeys, *, most_messages: int = 20_000) -> Drained:
    """Take what waits in the inbox, and held messages that may be matched now.

    Everything that a request leads to is written in the transaction that deletes it. A request
    that cannot be taken is put off and, after five tries, aside; the others go on without it.

    Args:
        seen: keys of the events kept so far; those kept now are added once they are durable.
        most_messages: about how many to take at once.

    Raises:
        django.db.Error: the database could not be read or written; nothing of it is lost.
    """
    drained = Drained()
    rows, more = next_requests(most_messages)
    load, failed = open_requests(rows)
    if load.items:
        drained.oldest_received_at = time_of(min(one.received for one in load.requests))
        _take(load, seen, drained)
    # Last, so that the others do not wait for it.
    _note_failures(drained, failed)
    waiting, more_waits = next_held(most_messages)
    if waiting.items:
        _take(waiting, seen, drained)
    drained.more = more or more_waits
    return drained


def _take(load: Load, seen: SeenKeys, drained: Drained) -> None:
    """Take a load; where it fails take its halves, so that only what is at fault waits."""
    try:
        read = read_requests(load.requests)
        with transaction.atomic():
            lease.confirm()
            taken = _write(load, read, seen)
    except _TakenMeanwhileError:
        _log.warning("inbox.taken_by_another", rows=len(load.items))
    except (OperationalError, InterfaceError, lease.LeaseLostError):
        # The database or this worker is at fault, not what was to be written.
        raise
    except Exception as error:
        parts = load.halves()
        for part in parts:
            _take(part, seen, drained)
        if not parts:
            pass_over(load.held)
            _note_failures(drained, dict.fromkeys(load.inbox, error))
    else:
        for one in taken:
            seen.add(one.kept_digests)
            _add(drained, one)
        drained.refused += sum(len(request.unread) for request in load.requests)


def _write(load: Load, read: Mapping[int, Read], seen: SeenKeys) -> list[Taken]:
    now = moment_of(clock.now())
    requests = load.requests
    _take_out(load)
    sources = EventSource.objects.in_bulk(read)
    taken = [
        take(sources[source], one, requests, seen, _features, now)
        for source, one in sorted(read.items())
    ]
    forget_empty(row.party_id for row in load.held)
    if load.inbox:
        note_arrivals(requests, taken)
    else:
        # Lists of who waits have become shorter.
        bulletins.post(bulletins.ARRIVALS, sources.keys())
    return taken


def _take_out(load: Load) -> None:
    """Delete the rows of a load, which nobody else may have taken."""
    gone, _ = InboxBatch.objects.filter(pk__in=load.inbox).delete()
    if gone + release(load.held) < len(load.items):
        raise _TakenMeanwhileError


def _add(drained: Drained, taken: Taken) -> None:
    if taken.batch:
        drained.batches.append(taken.batch)
        drained.rows += taken.batch[1].num_rows
    drained.messages += len(taken.outcomes) + sum(not one.is_event for one in taken.statements)
    drained.duplicates += int((taken.outcomes == DUPLICATE).sum())
    drained.held += int((taken.outcomes == HELD).sum())
    drained.clamped += taken.clamped
    drained.accounts |= taken.accounts


def _note_failures(drained: Drained, failed: Mapping[int, Exception]) -> None:
    if failed:
        # One line for all, since what is wrong with one is mostly wrong with its neighbours.
        first = next(iter(failed.values()))
        _log.error("inbox.requests_failed", rows=list(failed), exc_info=first)
        drained.set_aside += note_failures(failed)


class _TakenMeanwhileError(Exception):
    """Another worker was faster; what is left is taken the next time."""
