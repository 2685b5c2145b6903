"""Reads of what arrives: how far the worker is behind, and what came last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum

from banso.kit import clock
from banso.usage.models import (
    ArrivalMinute,
    EventSource,
    InboxBatch,
    RecentArrivals,
    RefusedMessage,
)

#: How many messages the live view shows.
SHOWN = 50
#: Refused messages that are counted by the minute one by one.
MOST_REFUSED = 1_000
MINUTE = timedelta(minutes=1)
#: From this age of the oldest waiting request on, somebody should know; and should act.
SLOW, STUCK = timedelta(seconds=10), timedelta(seconds=60)
_COUNTED = ("accepted", "duplicates", "held", "refused")


@dataclass(frozen=True, slots=True)
class InboxState:
    """What lies between the door and the worker.

    Set-aside requests, which wait for a person, are counted apart.
    """

    requests: int
    messages: int
    oldest_at: datetime | None
    set_aside: int
    last_taken_at: datetime | None

    @property
    def lag(self) -> timedelta:
        """Age of the oldest request that waits; zero when none does."""
        return max(clock.now() - self.oldest_at, timedelta()) if self.oldest_at else timedelta()

    @property
    def tone(self) -> str:
        """healthy, caution (behind for more than 10 s) or danger (for more than 60 s)."""
        if self.lag > STUCK:
            return "danger"
        return "caution" if self.lag > SLOW else "healthy"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message of the live view; ``outcome`` is accepted, duplicate, held or refused."""

    at: datetime
    type: str
    name: str
    user: str
    group: str
    outcome: str
    code: str = ""
    account_id: int | None = None


def inbox_state() -> InboxState:
    """How far the worker is behind."""
    waiting = Q(set_aside_at=None)
    found = InboxBatch.objects.aggregate(
        requests=Count("id", filter=waiting),
        messages=Sum("messages", filter=waiting, default=0),
        oldest_at=Min("received_at", filter=waiting),
        set_aside=Count("id", filter=~waiting),
    )
    newest = EventSource.objects.exclude(last_event_at=None).order_by("-last_event_at").first()
    return InboxState(**found, last_taken_at=newest.last_event_at if newest else None)


def arrivals_by_minute(source: EventSource, minutes: int) -> dict[str, list[int]]:
    """Messages per minute up to now, by what became of them; ``minutes`` figures each."""
    first = clock.now().replace(second=0, microsecond=0) - (minutes - 1) * MINUTE
    found = {name: [0] * minutes for name in _COUNTED}
    rows = ArrivalMinute.objects.filter(source=source, minute__gte=first)
    for row in rows:
        place = (row.minute - first) // MINUTE
        if place < minutes:
            for name in _COUNTED:
                found[name][place] += getattr(row, name)
    for minute, refused in _refused_minutes(source, first).items():
        place = (minute - first) // MINUTE
        if place < minutes:
            found["refused"][place] = max(found["refused"][place], refused)
    return found


def _refused_minutes(source: EventSource, first: datetime) -> Counter[datetime]:
    """What lies in quarantine by minute: of requests that were refused whole nothing is counted."""
    kept = RefusedMessage.objects.filter(source=source, received_at__gte=first)
    times = kept.order_by("-received_at").values_list("received_at", flat=True)[:MOST_REFUSED]
    return Counter(at.replace(second=0, microsecond=0) for at in times)


def last_arrivals(source: EventSource) -> list[Arrival]:
    """The last messages of a source, the newest first; refused ones are among them."""
    kept = RecentArrivals.objects.filter(source=source).first()
    taken = [_arrival(message) for message in (kept.messages if kept else [])]
    refused = RefusedMessage.objects.filter(source=source, replayed_at=None)
    turned_away = [
        Arrival(row.received_at, row.route, row.message_key, "", "", "refused", row.code)
        for row in refused.defer("body").order_by("-id")[:SHOWN]
    ]
    return sorted([*taken, *turned_away], key=lambda one: one.at, reverse=True)[:SHOWN]


def _arrival(message: dict[str, Any]) -> Arrival:
    return Arrival(
        at=datetime.fromisoformat(message["at"]),
        type=str(message.get("type") or ""),
        name=str(message.get("name") or ""),
        user=str(message.get("user") or ""),
        group=str(message.get("group") or ""),
        outcome=str(message.get("outcome") or "accepted"),
        account_id=message.get("account_id"),
    )
