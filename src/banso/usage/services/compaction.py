"""Putting the many small batches of live events together, so that they stay quick to go over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pyarrow as pa
from django.db import transaction
from django.db.models import QuerySet

from banso.kit import clock
from banso.usage.models import UsageBatch
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.batches import to_ipc

#: Batches of fewer rows are put together, up to so many rows.
SMALL, LARGE = 50_000, 100_000
#: Newer batches are left alone: more of them are still to come.
LEAVE = timedelta(hours=1)


def small_batches() -> Iterator[list[int]]:
    """Groups of judged live batches of one source, in their order, that are to become one each."""
    old = _judged().filter(rows__lt=SMALL, created_at__lt=clock.now() - LEAVE)
    group: list[int] = []
    rows, source = 0, ""
    for pk, name, count in old.order_by("source", "id").values_list("id", "source", "rows"):
        if group and (name != source or rows + count > LARGE):
            yield from [group] if len(group) > 1 else []
            group, rows = [], 0
        group.append(pk)
        rows, source = rows + count, name
    yield from [group] if len(group) > 1 else []


class MergedBatch:
    """A batch that holds the rows of several others and takes their place.

    The rows are read first, because the database is not to be kept from others for so long.
    """

    def __init__(self, former: Sequence[int]) -> None:
        self.former = list(former)
        self._rows = pa.concat_tables([batch_rows(one) for one in former])
        self._payload = to_ipc(self._rows)

    @transaction.atomic
    def take_place(self) -> int | None:
        """Put the batch in the place of the others.

        Returns:
            Its number, or None when one of them has been changed meanwhile; nothing is done then.
        """
        found = list(_judged().select_for_update().filter(pk__in=self.former).order_by("id"))
        if sum(batch.rows for batch in found) != self._rows.num_rows:
            return None
        if len(found) != len(self.former):
            return None
        first = found[0]
        days = [day for batch in found for day in (batch.first_day, batch.last_day) if day]
        merged = UsageBatch.objects.create(
            source=first.source,
            kind=UsageBatch.LIVE,
            rows=self._rows.num_rows,
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            payload=self._payload,
            projected_at=found[-1].projected_at,
            created_at=found[-1].created_at,
        )
        UsageBatch.objects.filter(pk__in=self.former).delete()
        return merged.pk


def _judged() -> QuerySet[UsageBatch]:
    return UsageBatch.objects.defer("payload").filter(
        kind=UsageBatch.LIVE,
        reverted_at=None,
        problem="",
        projected_at__isnull=False,
        stale_at=None,
    )
