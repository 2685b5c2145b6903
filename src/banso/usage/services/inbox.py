"""Keeping what the collection API has accepted, many requests in one transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any
from uuid import uuid4

from django.db import OperationalError, connection, transaction

from banso.usage.models import InboxBatch, RefusedMessage
from banso.usage.rules.collect.bodies import pack
from banso.usage.rules.collect.door import Refusal
from banso.workspace.services import bulletins
from banso.workspace.services.bulk_insert import insert_rows

#: SQLite's own waiting doubles its pauses up to 100 ms; ours finds the gaps between the worker's
#: transactions.
PAUSE_SECONDS = 0.002
PATIENCE_SECONDS = 10.0
#: Rows of one statement; a group is cut into halves of it, so that few statements serve all sizes.
MOST_ROWS = 64
#: Bytes from which on a body that was not sent compressed is kept compressed.
WORTH_PACKING = 2_048
_BATCH = ("source_id", "route", "received_at", "body", "is_gzip", "messages", "refused")
_REFUSED = ("uid", "source_id", "received_at", "sent_at", "position", "route", "message_key")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request whose messages were looked at; ``accepted`` of them are to be taken."""

    source_id: int
    route: str
    received_at: datetime
    body: bytes
    is_gzip: bool
    accepted: int
    sent_at: str
    refused: Sequence[Refusal]


def keep_arrivals(arrivals: Sequence[Arrival]) -> None:
    """Keep requests and the messages refused in them, all or none; durable on return.

    Raises:
        django.db.Error: nothing was kept.
    """
    began = time.monotonic()
    while True:
        try:
            return _insert(arrivals)
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() - began > PATIENCE_SECONDS:
                raise
            time.sleep(PAUSE_SECONDS)


def use_good_connection() -> None:
    """Give up this thread's connection if it has failed, and leave waiting to our own loop.

    Without it a database server that was restarted would refuse everything for ever.
    """
    connection.close_if_unusable_or_obsolete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")


@transaction.atomic
def _insert(arrivals: Sequence[Arrival]) -> None:
    _insert_batches([arrival for arrival in arrivals if arrival.accepted])
    refused = [_refused_row(a, one) for a in arrivals for one in a.refused]
    insert_rows(RefusedMessage, (*_REFUSED, "code", "body"), refused)
    # Pages hear of the others from the worker, once it has taken them.
    bulletins.post(bulletins.ARRIVALS, {one.source_id for one in arrivals if not one.accepted})


def _insert_batches(arrivals: Sequence[Arrival]) -> None:
    """The hot path of the collection API: no field of the model looks at the values again."""
    rows = [_batch_row(arrival) for arrival in arrivals]
    size = MOST_ROWS
    with connection.cursor() as cursor:
        while rows:
            if len(rows) < size:
                size //= 2
                continue
            cursor.execute(_statement(size), list(chain.from_iterable(rows[:size])))
            del rows[:size]


@cache
def _statement(rows: int) -> str:
    """One statement for many rows: between two of them a thread would have to wait for Python."""
    holes = ", ".join([f"({', '.join(['%s'] * len(_BATCH))}, 0, '')"] * rows)
    # Names come from this module, never from outside.
    table = InboxBatch._meta.db_table
    return f"INSERT INTO {table} ({', '.join(_BATCH)}, attempts, problem) VALUES {holes}"  # noqa: S608


def _batch_row(arrival: Arrival) -> tuple[Any, ...]:
    positions = json.dumps([one.position for one in arrival.refused]) if arrival.refused else "[]"
    received_at = connection.ops.adapt_datetimefield_value(arrival.received_at)
    is_packed = not arrival.is_gzip and len(arrival.body) > WORTH_PACKING
    # Packing takes a fourth of the time that the database takes for what it saves.
    body = pack(arrival.body) if is_packed else arrival.body
    kept = (arrival.source_id, arrival.route, received_at, body, arrival.is_gzip or is_packed)
    return (*kept, arrival.accepted, positions)


def _refused_row(arrival: Arrival, one: Refusal) -> tuple[object, ...]:
    whence = (arrival.source_id, arrival.received_at, arrival.sent_at)
    return (uuid4(), *whence, one.position, arrival.route, one.message_key, one.code, one.body)
