"""The runs of the worker: after an event, after an import, at night, and from scratch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from banso.accounts.selectors.book import book_rows
from banso.health.models import Pulse
from banso.health.services.compute.current import Current, compute_current
from banso.health.services.history import Filled, fill_history
from banso.health.services.publish import publish_usage
from banso.health.services.sync import Progress, SyncResult, nothing, settle, sync_warehouse
from banso.health.services.values import used_between
from banso.health.services.warehouse import drop_warehouse, exclusive, warehouse
from banso.workspace.selectors import business_day

LATE_DAYS = 35


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a run did."""

    sync: SyncResult
    current: Current
    filled: Filled | None = None


def refresh(progress: Progress = nothing, *, fill: bool = True) -> Refreshed:
    """Bring the warehouse up to date and publish where every account stands today.

    Args:
        fill: whether usage of earlier days fills the history of its accounts from there on, and
            new signals open; not when all history is about to be filled.
    """
    sync = sync_warehouse(progress)
    _publish(sync, progress)
    filled = None
    if fill and sync.first_day is not None and sync.first_day < business_day():
        filled = fill_history(sync.first_day, account_ids=sorted(sync.accounts), progress=progress)
    current = compute_current(opening=fill)
    settle(sync)
    return Refreshed(sync, current, filled)


def refresh_everything(start: date | None = None, progress: Progress = nothing) -> Refreshed:
    """As :func:`refresh`, and fill all history from ``start`` (from the first day by default)."""
    sync = sync_warehouse(progress)
    _publish(sync, progress)
    done = _filled(sync, start, progress)
    settle(sync)
    return done


def fill_and_refresh(start: date | None = None, progress: Progress = nothing) -> Refreshed:
    """Fill the history and publish today once more, now that changes are known."""
    return _filled(sync_warehouse(progress), start, progress)


def nightly(progress: Progress = nothing) -> Refreshed:
    """Judge the new day and fill the last weeks again, for facts that arrived late."""
    return refresh_everything(business_day() - timedelta(days=LATE_DAYS), progress)


def rebuild(progress: Progress = nothing) -> Refreshed:
    """Delete the warehouse, make it again from the database and score everything anew."""
    with exclusive:
        drop_warehouse()
        sync = sync_warehouse(progress)
    publish_usage([row.account_id for row in book_rows()], business_day(), progress)
    done = _filled(sync, None, progress)
    settle(sync)
    return done


def _filled(sync: SyncResult, start: date | None, progress: Progress) -> Refreshed:
    filled = fill_history(start, progress=progress)
    return Refreshed(sync, compute_current(), filled)


def _publish(sync: SyncResult, progress: Progress) -> None:
    """Publish the usage of accounts whose rows changed, or came into view as the day moved on."""
    day = business_day()
    known = {row.account_id for row in book_rows()}
    shown = Pulse.objects.aggregate(day=Max("as_of"))["day"]
    if shown is None or shown > day:
        stale = known
    else:
        stale = sync.accounts | used_between(warehouse(), shown, day)
    publish_usage(sorted(stale & known), day, progress)
