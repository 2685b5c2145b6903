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


class CountedBatch:
    """What is to remain of a batch: the number and sum per account, user, day and feature.

    The rows are counted first, because the database is not to be kept from others for so long.

    Args:
        lost: source and message key of its rows that do not count, because others came first.
    """

    def __init__(self, batch_id: int, lost: pa.Table) -> None:
        self._batch_id = batch_id
        rows = batch_rows(batch_id)
        self._rows = rows.num_rows
        self._counted = by_day(without(first_of_each(rows), lost), str(batch_id))
        self._payload = to_ipc(self._counted)
        self._digests = key_digests(rows).tobytes()

    @transaction.atomic
    def take_place(self, won: pa.Table) -> bool:
        """Put the counts in the place of the events.

        Args:
            won: batch, source and message key of others' rows that do not count because of these.

        Returns:
            False when the batch has been changed meanwhile; nothing is done then.
        """
        found = _settled().select_for_update().filter(pk=self._batch_id, rows=self._rows)
        batch = found.first()
        if batch is None:
            return False
        for other in won["batch_id"].unique().to_pylist():
            _drop_repeated(other, won)
        # What a sender repeats is known by its key elsewhere; only files come again after so long.
        if batch.kind == UsageBatch.RAW:
            batch.key_digests = self._digests
        batch.kind, batch.rows = UsageBatch.DAILY, self._counted.num_rows
        batch.payload, batch.stale_at = self._payload, clock.now()
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
