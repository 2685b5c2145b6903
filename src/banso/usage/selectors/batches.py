"""Reads of usage as it was accepted."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import cast

import pyarrow as pa
from django.db.models import Max, QuerySet

from banso.usage.models import Feature, UsageBatch
from banso.usage.types import BatchInfo, BatchKind, StaleBatch


def valid_batches() -> list[BatchInfo]:
    """The batches that the warehouse is to hold, in the order in which they count."""
    rows = UsageBatch.objects.filter(reverted_at=None, problem="").order_by("id")
    return [BatchInfo(pk, cast(BatchKind, kind)) for pk, kind in rows.values_list("id", "kind")]


def first_live_batch(since: datetime, *, at_least: int = 1_000_000) -> int | None:
    """The first batch of live events that was kept at a moment or later, if there is any.

    It is an earlier one where fewer than ``at_least`` events came since: a clock that was put
    forward does not make what came a minute ago old.
    """
    live = UsageBatch.objects.filter(kind=UsageBatch.LIVE)
    recent = live.filter(created_at__gte=since).order_by("id").values_list("id", flat=True).first()
    newest = [] if recent is None else [recent]
    events = 0
    for batch_id, rows in _newest_first(live):
        newest.append(batch_id)
        events += rows
        if events >= at_least:
            break
    return min(newest, default=None)


def _newest_first(live: QuerySet[UsageBatch]) -> Iterator[tuple[int, int]]:
    """Number and rows of batches as they were judged; those that were put together come late."""
    columns = live.values_list("id", "rows")
    yield from columns.filter(projected_at=None)
    yield from columns.filter(projected_at__isnull=False).order_by("-projected_at").iterator()


def newest_days() -> dict[str, date]:
    """Source to the last day on which its usage happened."""
    kept = UsageBatch.objects.filter(reverted_at=None, problem="").exclude(last_day=None)
    return dict(kept.order_by().values_list("source").annotate(newest=Max("last_day")))


def unjudged_batches() -> tuple[list[int], list[int]]:
    """Batches that came, and batches that went, without the accounts having been judged since."""
    came = UsageBatch.objects.filter(reverted_at=None, projected_at=None, problem="")
    went = UsageBatch.objects.exclude(reverted_at=None).exclude(projected_at=None)
    return list(came.values_list("id", flat=True)), list(went.values_list("id", flat=True))


def stale_batches() -> list[StaleBatch]:
    """Batches whose rows were changed after the warehouse may have taken them, in order."""
    found = UsageBatch.objects.filter(stale_at__isnull=False).order_by("id")
    rows = found.values_list("id", "stale_at", "stale_accounts", "first_day")
    return [StaleBatch(pk, at, tuple(accounts), day) for pk, at, accounts, day in rows if at]


def existing_batches(batch_ids: Collection[int]) -> list[int]:
    """Those of the batches that are kept, taken back or not, in order."""
    found = UsageBatch.objects.filter(pk__in=batch_ids).order_by("id")
    return list(found.values_list("id", flat=True))


def batch_rows(batch_id: int) -> pa.Table:
    """The rows of a batch."""
    payload = UsageBatch.objects.values_list("payload", flat=True).get(pk=batch_id)
    with pa.ipc.open_stream(pa.BufferReader(bytes(payload))) as reader:
        return reader.read_all()


def features_marked(*, core: bool = False, login: bool = False) -> list[str]:
    """Keys of the features that are core, or that mean a sign-in, in order."""
    found = Feature.objects.order_by("key")
    if core:
        found = found.filter(is_core=True)
    if login:
        found = found.filter(is_login=True)
    return list(found.values_list("key", flat=True))
