"""The room's background jobs. They run in the process that owns the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from banso.health.services import compute
from banso.health.services.compute.runs import Refreshed
from banso.health.services.live.compaction import compact
from banso.health.services.requests import (
    COMPACT,
    HISTORY,
    NIGHTLY,
    REBUILD,
    REFRESH,
    RETENTION,
    SCORE,
    TRY_METRIC,
    TRY_RULE,
)
from banso.health.services.retention import condense
from banso.workspace.selectors import business_day
from banso.workspace.services import jobs
from banso.workspace.services.jobs import JobHandle
from banso.workspace.tasks import every


def do_refresh(job: JobHandle) -> dict[str, Any]:
    """Bring in what is new and judge today; late usage fills its past days too."""
    # A job that fills the whole history and waits already need not be anticipated.
    return _result(compute.refresh(job.progress, fill=not jobs.waits(HISTORY)))


def do_history(job: JobHandle) -> dict[str, Any]:
    """Fill the history from ``from`` (ISO day; the first day if absent), then judge today."""
    start = job.params.get("from")
    day = date.fromisoformat(start) if start else None
    return _result(compute.fill_and_refresh(day, job.progress))


def do_nightly(job: JobHandle) -> dict[str, Any]:
    """Judge the new day and keep the history of the last weeks."""
    return _result(compute.nightly(job.progress))


def do_rebuild(job: JobHandle) -> dict[str, Any]:
    """Make the warehouse, the history and today anew."""
    return _result(compute.rebuild(job.progress))


def do_compact(job: JobHandle) -> dict[str, Any]:
    """Put small batches of live events together."""
    return {"merged": compact(job.progress)}


def do_retention(job: JobHandle) -> dict[str, Any]:
    """Count by the day what is older than single events are kept."""
    return {"condensed": condense(job.progress)}


def do_score(job: JobHandle) -> dict[str, Any]:
    """Scores as rows; ``as_of`` is an ISO day, ``account`` any way to name one."""
    as_of = job.params.get("as_of")
    compute.sync_warehouse(job.progress)
    rows = compute.score_rows(
        date.fromisoformat(as_of) if as_of else None, job.params.get("account")
    )
    return {"rows": rows}


def do_try_metric(job: JobHandle) -> dict[str, Any]:
    """The values of a definition that nobody has saved."""
    compute.sync_warehouse(job.progress)
    return compute.try_metric(job.params["key"], job.params["definition"], business_day())


def do_try_rule(job: JobHandle) -> dict[str, Any]:
    """The accounts in which conditions hold that nobody has saved."""
    compute.sync_warehouse(job.progress)
    return compute.try_rule(job.params["conditions"], business_day(), job.params["rule"])


def register() -> None:
    """Name the jobs and their hours; called at start-up."""
    handlers: dict[str, Callable[[JobHandle], dict[str, Any]]] = {
        REFRESH: do_refresh,
        HISTORY: do_history,
        NIGHTLY: do_nightly,
        REBUILD: do_rebuild,
    }
    for kind, handler in handlers.items():
        jobs.register(kind, handler, absorbs=True)
    jobs.register(COMPACT, do_compact, absorbs=True)
    jobs.register(RETENTION, do_retention, absorbs=True)
    # These answer a question of their own each.
    jobs.register(SCORE, do_score)
    jobs.register(TRY_METRIC, do_try_metric)
    jobs.register(TRY_RULE, do_try_rule)
    every(NIGHTLY, "0 2 * * *", NIGHTLY)
    every(RETENTION, "40 3 * * *", RETENTION)
    every(COMPACT, "20 * * * *", COMPACT)


def _result(done: Refreshed) -> dict[str, Any]:
    return {
        "batches": len(done.sync.loaded),
        "removed": len(done.sync.removed),
        "refused": len(done.sync.refused),
        **asdict(done.current),
        "months": done.filled.months if done.filled else 0,
    }
