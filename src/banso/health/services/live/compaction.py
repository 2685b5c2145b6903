"""Putting small batches of live events together, in the database and in the warehouse."""

from __future__ import annotations

from banso.health.services.sync import Progress, nothing
from banso.health.services.warehouse import exclusive, warehouse
from banso.usage.services.compaction import MergedBatch, small_batches


def compact(progress: Progress = nothing) -> int:
    """Merge what is small and old enough; returns how many batches are gone.

    Should this process die in between, the next one finds batches in the warehouse that the
    database does not have any more, and one that is missing, and sets it right.
    """
    gone, groups = 0, list(small_batches())
    for done, former in enumerate(groups):
        progress(done, len(groups), "usage")
        merged = MergedBatch(former)
        with exclusive:
            number = merged.take_place()
            if number is not None:
                warehouse().merge_batches(former, number)
                gone += len(former) - 1
    return gone
