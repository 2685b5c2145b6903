"""Counting single events of long ago by the day, in the place of keeping each of them."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from banso.kit import clock
from banso.usage.models import UsageBatch
from banso.usage.rules.daily import by_day, first_of_each, key_digests, without
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.batches import rewrite_rows, to_ipc
from banso.workspace.selectors import business_day, company

#: Batches that came later are left alone: an import can be undone for 30 days, and what a sender
#: repeats is known by its key for 35.
LEAVE = timedelta(days=36)


def first_single_day() -> date | None:
    """The first day of which single events are to be kept; None when all are."""
    months = company().keep_events_months
    if not months:
        return None
    day = business_day()
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1) if month >= 12 else None


def outdated_batches(first_kept: date) -> list[int]:
    """Batches of single events that all happened before a day and that nobody takes back any more.

    The last come first, so that what repeats an earlier one no longer does when its turn comes.
    """
    found = _settled().filter(last_day__lt=first_kept).order_by("-id")
    return list(found.values_list("id", flat=True))


@transaction.atomic
def count_by_day(batch_id: int, lost: pa.Table, won: pa.Table) -> bool:
    """Keep of a batch's events only their number and sum per account, user, day and feature.

    Args:
        lost: source and message key of its rows that do not count, because others came first.
        won: batch, source and message key of others' rows that do not count because of this batch.

    Returns:
        False when the batch has been changed meanwhile; nothing is done then.
    """
    batch = _settled().select_for_update().filter(pk=batch_id).first()
    if batch is None:
        return False
    rows = batch_rows(batch_id)
    counted = by_day(without(first_of_each(rows), lost), str(batch_id))
    for other in won["batch_id"].unique().to_pylist():
        _drop_repeated(other, won)
    if batch.kind == UsageBatch.RAW:
        batch.key_digests = key_digests(rows).tobytes()
    batch.kind, batch.rows, batch.payload = UsageBatch.DAILY, counted.num_rows, to_ipc(counted)
    batch.stale_at = clock.now()
    batch.save(update_fields=["kind", "rows", "payload", "key_digests", "stale_at"])
    return True


def forget_reverted() -> int:
    """Delete batches that were taken back long ago; returns how many."""
    old = UsageBatch.objects.filter(reverted_at__lt=clock.now() - LEAVE, projected_at=None)
    gone, _ = old.delete()
    return gone


def _drop_repeated(batch_id: int, won: pa.Table) -> None:
    """The batch that came first cannot be taken back any more, so these never count again."""
    rows = batch_rows(batch_id)
    rewrite_rows(batch_id, without(rows, won))


def _settled() -> QuerySet[UsageBatch]:
    return UsageBatch.objects.defer("payload").filter(
        kind__in=(UsageBatch.RAW, UsageBatch.LIVE),
        reverted_at=None,
        problem="",
        projected_at__isnull=False,
        stale_at=None,
        created_at__lt=clock.now() - LEAVE,
    )
