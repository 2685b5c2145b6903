"""Counting single events of long ago by the day, in the database and in the warehouse."""

from __future__ import annotations

from banso.health.services.sync import Progress, loaded_batches, nothing, take_over
from banso.health.services.warehouse import exclusive, warehouse
from banso.usage.selectors.batches import stale_batches
from banso.usage.services.batches import mark_fresh
from banso.usage.services.retention import (
    CountedBatch,
    first_single_day,
    forget_reverted,
    outdated_batches,
)


def condense(progress: Progress = nothing) -> int:
    """Count by the day what is older than single events are kept; returns of how many batches.

    One batch at a time, so that live events wait only for that. A batch that was counted in the
    database and not yet in the warehouse, because this process died, is stale there, and the next
    sync takes it over.
    """
    forget_reverted()
    first, condensed = first_single_day(), 0
    batches = outdated_batches(first) if first else []
    for done, batch_id in enumerate(batches):
        progress(done, len(batches), "usage")
        condensed += _condense(batch_id)
    return condensed


def _condense(batch_id: int) -> bool:
    store = warehouse()
    if batch_id not in loaded_batches(store):
        return False
    lost, _won = store.repeated_keys(batch_id)
    counted = CountedBatch(batch_id, lost)
    with exclusive:
        lost_by_now, won = store.repeated_keys(batch_id)
        if lost_by_now.num_rows != lost.num_rows or not counted.take_place(won):
            return False
        stale = [one for one in stale_batches() if not one.accounts]
        take_over(store, stale)
        mark_fresh(stale)
    return True
