"""Noting what came in and what became of it, for those who watch a source being connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.functions import Coalesce

from banso.usage.models import ArrivalMinute, EventSource, RecentArrivals
from banso.usage.rules.intake.moments import SECOND
from banso.usage.rules.intake.requests import Request, time_of
from banso.usage.services.intake.taking import ACCEPTED, DUPLICATE, HELD, Taken
from banso.workspace.services import bulletins

_MINUTE = 60 * SECOND
#: Of one drain at most so many are shown, and so many in all.
_SHOWN_AT_ONCE, _SHOWN = 10, 50
_OUTCOMES = {ACCEPTED: "accepted", DUPLICATE: "duplicate", HELD: "held"}
_COLUMNS = ("accepted", "duplicates", "held", "refused")


def note_arrivals(requests: Sequence[Request], taken: Iterable[Taken]) -> None:
    """Count messages by minute, keep the last ones for show, and tell open pages."""
    listed = list(taken)
    for one in listed:
        mine = [request for request in requests if request.source_id == one.source.pk]
        _note_times(one.source, mine)
        _count(one, mine)
        _show(one)
    bulletins.post(bulletins.ARRIVALS, {one.source.pk for one in listed})


def _note_times(source: EventSource, requests: Sequence[Request]) -> None:
    received = [request.received for request in requests]
    EventSource.objects.filter(pk=source.pk).update(
        first_event_at=Coalesce("first_event_at", time_of(min(received))),
        last_event_at=time_of(max(received)),
    )


def _count(taken: Taken, requests: Sequence[Request]) -> None:
    minutes = np.array(taken.events.received, dtype=np.int64) // _MINUTE
    counts = Counter[tuple[int, str]]()
    for outcome, column in zip((ACCEPTED, DUPLICATE, HELD), _COLUMNS, strict=False):
        values, numbers = np.unique(minutes[taken.outcomes == outcome], return_counts=True)
        counts.update({(int(m), column): int(n) for m, n in zip(values, numbers, strict=True)})
    for statement in taken.statements:
        if not statement.is_event:
            counts[statement.received // _MINUTE, "accepted"] += 1
    for request in requests:
        counts[request.received // _MINUTE, "refused"] += request.refused + len(request.unread)
    _add(taken.source, counts)


def _add(source: EventSource, counts: Counter[tuple[int, str]]) -> None:
    for minute in sorted({minute for minute, _ in counts}):
        at = time_of(minute * _MINUTE)
        more = {name: F(name) + counts[minute, name] for name in _COLUMNS}
        if not ArrivalMinute.objects.filter(source=source, minute=at).update(**more):
            first = {name: counts[minute, name] for name in _COLUMNS}
            ArrivalMinute.objects.create(source=source, minute=at, **first)


def _show(taken: Taken) -> None:
    shown = sorted(_samples(taken), key=lambda one: str(one["at"]), reverse=True)[:_SHOWN_AT_ONCE]
    kept = RecentArrivals.objects.filter(source=taken.source).first()
    row = kept or RecentArrivals(source=taken.source)
    row.messages = [*shown, *row.messages][:_SHOWN]
    row.save()


def _samples(taken: Taken) -> list[dict[str, Any]]:
    """The last events and the last statements of a drain in the form that pages read."""
    events, found = taken.events, []
    for at in range(max(len(events.key) - _SHOWN_AT_ONCE, 0), len(events.key)):
        account = int(taken.accounts_of[at])
        found.append(
            {
                "at": time_of(events.received[at]).isoformat(),
                "type": "track",
                "name": events.feature[at],
                "user": events.user[at] or events.former[at],
                "group": events.group[at],
                "outcome": _OUTCOMES[int(taken.outcomes[at])],
                "account_id": account if account >= 0 else None,
            }
        )
    for one in [s for s in taken.statements if not s.is_event][-_SHOWN_AT_ONCE:]:
        found.append(
            {
                "at": time_of(one.received).isoformat(),
                "type": one.kind,
                "name": "",
                "user": one.user or one.former,
                "group": one.group,
                "outcome": "accepted",
                "account_id": None,
            }
        )
    return found
