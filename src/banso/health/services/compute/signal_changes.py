"""Writing what became of signals, and telling about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from banso.accounts.types import ActivityKind, Entry
from banso.health.events import SignalCleared, SignalOpened
from banso.health.models import Signal
from banso.health.services.compute.live import SignalChanges

_WRITTEN = (
    "status",
    "evidence",
    "last_seen_on",
    "snoozed_until",
    "still_holds",
    "closed_at",
)


def write_signals(changes: SignalChanges) -> None:
    """Write what was decided, inside the caller's transaction."""
    Signal.objects.bulk_create(changes.opened, batch_size=500)
    # An upsert by key takes a tenth of the time of bulk_update's CASE expressions.
    Signal.objects.bulk_create(
        changes.changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_WRITTEN,
    )
    changes.events += [("opened", signal) for signal in changes.opened]


def entries(changes: SignalChanges, happened_at: datetime) -> list[Entry]:
    """What the timeline says about signals that opened, came back or cleared."""
    return [
        Entry(
            account_id=signal.account_id,
            kind=ActivityKind.SIGNAL,
            happened_at=happened_at,
            source="health",
            external_id=f"signal:{signal.uid}:{event}:{happened_at.date()}",
            data={
                "event": event,
                "name_ja": signal.rule.name_ja,
                "name_en": signal.rule.name_en,
                "direction": signal.rule.direction,
                "since": signal.since.isoformat(),
            },
        )
        for event, signal in changes.events
    ]


def events_of(changes: SignalChanges) -> list[object]:
    """The events to publish."""
    kinds: Mapping[str, type[SignalOpened] | type[SignalCleared]] = {
        "opened": SignalOpened,
        "reopened": SignalOpened,
        "cleared": SignalCleared,
    }
    return [
        kinds[event](signal.pk, signal.account_id, signal.rule_id)
        for event, signal in changes.events
    ]
