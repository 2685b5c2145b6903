"""Accepting usage: what is accepted is kept as it came, and the warehouse is made from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils.translation import gettext as _

from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.usage.events import UsageAccepted, UsageReverted
from banso.usage.models import Feature, UsageBatch
from banso.usage.rules.daily import key_digests
from banso.usage.types import COLUMNS, OPTIONAL, StaleBatch
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

#: A batch is read whole when it is projected, so a large file becomes several batches.
MOST_ROWS = 500_000
#: Numbers beyond these cannot be summed over a history without losing their meaning.
_GREATEST_NUMBER = 1e18
_GREATEST_COUNT = 10**15


@transaction.atomic
def accept_batch(
    *, actor: Actor, source: str, kind: str, table: pa.Table, origin: str = ""
) -> list[UsageBatch]:
    """Keep rows of usage; the worker brings them into the warehouse.

    Args:
        source: which system they come from; keys are unique within it.
        kind: ``raw`` (columns of ``RAW_COLUMNS``) or ``counted`` (``COUNTED_COLUMNS``); ``source``
            may be left out. Of raw rows with one key the first counts, of counted rows the last.
            Raw rows of which retention has kept only the number are left out.
        origin: what brought them, such as ``import:<uid>``, by which they can be reverted.

    Returns:
        The batches, in the order in which they count.

    Raises:
        InvalidInputError: a column is missing or of another type, a required cell is empty, or a
            count is below zero.
    """
    require(actor, "usage.load")
    rows = _conform(source, kind, table)
    if kind == UsageBatch.RAW and rows.num_rows:
        rows = without_counted(source, rows)
    batches = [
        _keep(source, kind, rows.slice(start, MOST_ROWS), origin)
        for start in range(0, rows.num_rows, MOST_ROWS)
    ]
    if batches:
        _note_features(rows)
        audit.record(
            actor,
            "usage.accepted",
            "usage_batch",
            batches[0].uid,
            after={"source": source, "kind": kind, "rows": rows.num_rows, "origin": origin},
        )
        events.publish(UsageAccepted(tuple(batch.pk for batch in batches)))
    return batches


@transaction.atomic
def revert_batches(*, actor: Actor, origin: str) -> int:
    """Take back everything that an origin brought; returns the number of rows.

    The payload stays until retention removes it, and what the rows had replaced comes back.
    """
    require(actor, "usage.load")
    found = UsageBatch.objects.select_for_update().filter(origin=origin, reverted_at=None)
    batches = dict(found.values_list("pk", "rows"))
    rows = sum(batches.values())
    if batches:
        found.update(reverted_at=clock.now())
        audit.record(
            actor, "usage.reverted", "usage_batch", origin, after={"origin": origin, "rows": rows}
        )
        events.publish(UsageReverted(tuple(batches)))
    return rows


def mark_projected(batch_ids: Sequence[int]) -> None:
    """Note that the warehouse holds these batches and that their accounts were judged by them."""
    UsageBatch.objects.filter(pk__in=batch_ids).update(projected_at=clock.now(), problem="")


def mark_removed(batch_ids: Sequence[int]) -> None:
    """Note that the warehouse does not hold these batches, and that nothing is judged by them."""
    UsageBatch.objects.filter(pk__in=batch_ids).update(projected_at=None)


def mark_refused(batch_id: int, problem: str) -> None:
    """Note why the warehouse could not take a batch; it is passed over until that is cleared."""
    UsageBatch.objects.filter(pk=batch_id).update(problem=problem)


def mark_fresh(stale: Iterable[StaleBatch]) -> None:
    """Note that the warehouse has batches as they are, and that their accounts were judged.

    Those that were changed again meanwhile stay stale.
    """
    for one in stale:
        found = UsageBatch.objects.filter(pk=one.id, stale_at=one.at)
        found.update(stale_at=None, stale_accounts=[])


def rewrite_rows(batch_id: int, rows: pa.Table, accounts: Iterable[int] = ()) -> None:
    """Let a batch have other rows of its kind; the warehouse takes them over at its next sync.

    Args:
        accounts: those to be judged anew because of it.
    """
    batch = UsageBatch.objects.select_for_update().defer("payload").get(pk=batch_id)
    batch.rows, batch.payload = rows.num_rows, to_ipc(rows)
    batch.stale_at = clock.now()
    batch.stale_accounts = sorted({*batch.stale_accounts, *accounts})
    batch.save(update_fields=["rows", "payload", "stale_at", "stale_accounts"])


def _conform(source: str, kind: str, table: pa.Table) -> pa.Table:
    columns = COLUMNS[kind]
    if "source" not in table.column_names:
        table = table.append_column("source", pa.array([source] * table.num_rows, pa.string()))
    if unknown := sorted(set(table.column_names) - columns.keys()):
        _refuse(_("Usage rows have no column “%(name)s”.") % {"name": unknown[0]})
    return pa.table({name: _column(table, name, wanted) for name, wanted in columns.items()})


def _column(table: pa.Table, name: str, wanted: pa.DataType) -> pa.ChunkedArray:
    if name not in table.column_names:
        if name not in OPTIONAL:
            _refuse(_("The column “%(name)s” is missing.") % {"name": name})
        return pa.chunked_array([pa.nulls(table.num_rows, wanted)])
    try:
        column = table[name].cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        _refuse(_("The column “%(name)s” cannot be read: %(why)s") % {"name": name, "why": error})
    if name not in OPTIONAL and column.null_count:
        row = pc.index(pc.is_null(column), True).as_py() + 1
        _refuse(_("Row %(row)s has nothing in “%(name)s”.") % {"row": row, "name": name})
    if name in ("events", "users"):
        _check_counts(name, column)
    return _finite(name, column) if pa.types.is_floating(wanted) else column


def without_counted(source: str, rows: pa.Table) -> pa.Table:
    """Raw rows without those that retention has counted by the day."""
    days = pc.min_max(rows["day"]).as_py()
    counted = UsageBatch.objects.filter(
        source=source,
        kind=UsageBatch.DAILY,
        reverted_at=None,
        first_day__lte=days["max"],
        last_day__gte=days["min"],
    ).exclude(key_digests=b"")
    digests = [bytes(one) for one in counted.values_list("key_digests", flat=True)]
    if not digests:
        return rows
    known = np.frombuffer(b"".join(digests), dtype="<u8")
    return rows.filter(pa.array(~np.isin(key_digests(rows), known)))


def _check_counts(name: str, column: pa.ChunkedArray) -> None:
    beyond = pc.fill_null(pc.or_(pc.less(column, 0), pc.greater(column, _GREATEST_COUNT)), False)
    if pc.any(beyond).as_py():
        row = pc.index(beyond, True).as_py() + 1
        _refuse(_("Row %(row)s has no usable count in “%(name)s”.") % {"row": row, "name": name})


def _finite(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    beyond = pc.fill_null(pc.greater(pc.abs(column), _GREATEST_NUMBER), False)
    if pc.any(beyond).as_py():
        row = pc.index(beyond, True).as_py() + 1
        _refuse(_("Row %(row)s has no usable number in “%(name)s”.") % {"row": row, "name": name})
    return column


def _refuse(message: str) -> NoReturn:
    raise InvalidInputError(message, code="invalid-usage", remedy=_("Correct the rows and retry."))


def _keep(source: str, kind: str, rows: pa.Table, origin: str) -> UsageBatch:
    days = pc.min_max(rows["day"]).as_py()
    return UsageBatch.objects.create(
        source=source,
        kind=kind,
        origin=origin,
        rows=rows.num_rows,
        first_day=days["min"],
        last_day=days["max"],
        payload=to_ipc(rows),
        created_at=clock.now(),
    )


def to_ipc(rows: pa.Table) -> bytes:
    """Rows as the payload of a batch: an Arrow IPC stream, compressed."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, rows.schema, options=options) as writer:
        writer.write_table(rows.combine_chunks())
    return bytes(sink.getvalue().to_pybytes())


def _note_features(rows: pa.Table) -> None:
    """Make features known that no earlier rows named, so that people can mark them."""
    seen = rows.group_by("feature").aggregate([("day", "min")]).to_pydict()
    first = dict(zip(seen["feature"], seen["day_min"], strict=True))
    known = set(Feature.objects.filter(key__in=first).values_list("key", flat=True))
    Feature.objects.bulk_create(
        [
            Feature(key=key, first_seen_on=day)
            for key, day in sorted(first.items())
            if key not in known
        ],
        ignore_conflicts=True,
    )
