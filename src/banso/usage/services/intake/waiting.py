"""What waits for the drain: requests in the inbox, and held messages that may be matched now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from banso.kit import clock
from banso.usage.models import HeldMessages, InboxBatch, UnmatchedParty
from banso.usage.rules.intake.requests import Request, from_held, from_inbox

_log = structlog.get_logger(__name__)
#: A request that fails is tried again after these pauses, and then set aside.
PAUSES = (
    timedelta(seconds=1),
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
)
MOST_REQUESTS = 2_000
#: Bytes of bodies that are taken at once; they unpack to several times as much.
MOST_BYTES = 16_000_000
_TRIED = ("attempts", "problem", "set_aside_at", "retry_at")


@dataclass(frozen=True, slots=True)
class Item:
    """A row that waits, of the inbox or of held messages, and what it holds."""

    row: InboxBatch | HeldMessages
    requests: list[Request]


@dataclass(frozen=True, slots=True)
class Load:
    """What one transaction takes."""

    items: list[Item]

    @property
    def requests(self) -> list[Request]:
        """All requests, in the order in which they came."""
        return [request for item in self.items for request in item.requests]

    @property
    def inbox(self) -> list[int]:
        """The rows of the inbox."""
        return [item.row.pk for item in self.items if isinstance(item.row, InboxBatch)]

    @property
    def held(self) -> list[HeldMessages]:
        """The rows of held messages."""
        return [item.row for item in self.items if isinstance(item.row, HeldMessages)]

    def halves(self) -> list[Load]:
        """The load in two; none where it is a single row."""
        middle = len(self.items) // 2
        return [Load(self.items[:middle]), Load(self.items[middle:])] if middle else []


def due_requests() -> QuerySet[InboxBatch]:
    """Requests that may be taken now, in the order in which they came."""
    now = clock.now()
    # What is put off for longer than we ever do was put off by a clock that was ahead.
    due = Q(retry_at=None) | Q(retry_at__lte=now) | Q(retry_at__gt=now + PAUSES[-1])
    return InboxBatch.objects.filter(due, set_aside_at__isnull=True).order_by("id")


def next_requests(most_messages: int) -> tuple[list[InboxBatch], bool]:
    """The requests to take now, and whether more wait behind them."""
    sizes = due_requests().annotate(size=Length("body")).values_list("id", "messages", "size")
    chosen: list[int] = []
    messages = size = 0
    for pk, count, length in sizes[: MOST_REQUESTS + 1]:
        messages, size = messages + count, size + length
        beyond = messages > most_messages or size > MOST_BYTES or len(chosen) == MOST_REQUESTS
        if chosen and beyond:
            return _bodies(chosen), True
        chosen.append(pk)
    return _bodies(chosen), False


def open_requests(rows: Sequence[InboxBatch]) -> tuple[Load, dict[int, Exception]]:
    """Unpack requests; those that cannot be come back with the reason, by row."""
    items, failed = [], dict[int, Exception]()
    for row in rows:
        try:
            items.append(Item(row, [_opened(row)]))
        # One damaged row must not stop the others, whatever is wrong with it.
        except Exception as error:
            failed[row.pk] = error
    return Load(items), failed


def next_held(most_messages: int) -> tuple[Load, bool]:
    """Held messages of parties that may be matched now, and whether more wait behind them."""
    items: list[Item] = []
    left = most_messages
    for party in UnmatchedParty.objects.filter(due_to__isnull=False).order_by("id")[:100]:
        rows = HeldMessages.objects.filter(party=party, pk__lte=party.due_to).order_by("id")
        for row in rows.select_related("party")[:MOST_REQUESTS]:
            if left <= 0:
                return Load(items), True
            left -= row.messages
            try:
                items.append(Item(row, from_held(party.source_id, bytes(row.payload))))
            # Damaged rows stay where they are; the other parties must not wait for them.
            except Exception:
                _log.exception("inbox.held_unreadable", row=row.pk)
                pass_over([row])
                break
        if not rows.exists():
            UnmatchedParty.objects.filter(pk=party.pk, due_to=party.due_to).update(due_to=None)
    return Load(items), bool(items)


@transaction.atomic
def note_failures(failed: Mapping[int, Exception]) -> int:
    """Put requests off after a failure, or aside after the last try; returns how many went aside.

    Args:
        failed: row of the inbox → what went wrong.
    """
    now = clock.now()
    rows = list(InboxBatch.objects.select_for_update().filter(pk__in=failed).defer("body"))
    for row in rows:
        error = failed[row.pk]
        row.attempts += 1
        row.problem = f"{type(error).__name__}: {error}"[:500]
        if row.attempts > len(PAUSES):
            row.set_aside_at = now
        else:
            row.retry_at = now + PAUSES[row.attempts - 1]
    InboxBatch.objects.bulk_update(rows, _TRIED, batch_size=500)
    return sum(row.set_aside_at is not None for row in rows)


def pass_over(rows: Sequence[HeldMessages]) -> None:
    """Stop reading again what the parties of held rows hold, until something new is known."""
    UnmatchedParty.objects.filter(pk__in={row.party_id for row in rows}).update(due_to=None)


def _bodies(chosen: Sequence[int]) -> list[InboxBatch]:
    return list(InboxBatch.objects.filter(pk__in=chosen).order_by("id"))


def _opened(row: InboxBatch) -> Request:
    return from_inbox(
        source_id=row.source_id,
        received_at=row.received_at,
        route=row.route,
        body=bytes(row.body),
        is_gzip=row.is_gzip,
        refused=row.refused,
    )
