"""Telling open pages what has changed, and the worker what is open.

Both are rows of the database, so that they work across processes and machines. They live for
minutes: a page that was away longer loads itself whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from banso.kit import clock
from banso.workspace.models import Bulletin, Watch

#: Topics and what their numbers are.
ACCOUNTS, ARRIVALS = "accounts", "arrivals"
KEEP = timedelta(minutes=10)
#: One bulletin names at most as many records; more are told as "many" by an empty list.
MOST = 5_000


def post(topic: str, ids: Collection[int]) -> None:
    """Say that records changed; belongs into the transaction that changed them.

    An empty list in a bulletin means that too many changed to name them.
    """
    if ids:
        named = sorted(ids) if len(ids) <= MOST else []
        Bulletin.objects.create(topic=topic, ids=named, posted_at=clock.now())


def bulletins_after(last: int) -> list[tuple[int, str, list[int]]]:
    """(number, topic, ids) of what was posted after a number, oldest first."""
    rows = Bulletin.objects.filter(pk__gt=last).order_by("id")
    return list(rows.values_list("id", "topic", "ids"))


def latest_bulletin(*, before: datetime | None = None) -> int:
    """The number of the last bulletin, of those posted before a moment; 0 before the first."""
    posted = Bulletin.objects.filter(posted_at__lt=before) if before else Bulletin.objects.all()
    last = posted.order_by("-id").values_list("id", flat=True).first()
    return last or 0


def watch(topic: str, ids: Iterable[int], *, seconds: int = 30) -> None:
    """Say that somebody has these records open, for the next seconds."""
    until = clock.now() + timedelta(seconds=seconds)
    Watch.objects.bulk_create(
        [Watch(topic=topic, record_id=one, until=until) for one in sorted(set(ids))],
        update_conflicts=True,
        unique_fields=["topic", "record_id"],
        update_fields=["until"],
    )


def watched(topic: str) -> set[int]:
    """The records that somebody has open now."""
    rows = Watch.objects.filter(topic=topic, until__gt=clock.now())
    return set(rows.values_list("record_id", flat=True))


def forget_old() -> None:
    """Delete what nobody will ask for any more."""
    now = clock.now()
    Bulletin.objects.filter(posted_at__lt=now - KEEP).delete()
    Watch.objects.filter(until__lt=now).delete()
