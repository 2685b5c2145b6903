"""What is done by and by for what arrives: matching anew what waits, and letting old things go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from banso.kit import clock
from banso.usage.models import (
    ArrivalMinute,
    EventSource,
    HeldMessages,
    RefusedMessage,
    UnmatchedParty,
)
from banso.usage.models.unmatched import ANONYMOUS, GROUP, USER
from banso.usage.rules.intake.requests import moment_of
from banso.usage.services.intake.directory import Directory
from banso.usage.services.intake.holding import is_matched, load_people, mark_due
from banso.workspace.services.jobs import JobHandle

JOB_KIND = "usage.tidy"
CHUNK = 2_000
#: What is held for a party that a person ignores, and for visitors who never signed in.
KEEP_IGNORED, KEEP_ANONYMOUS = timedelta(days=30), timedelta(days=90)
#: Messages that were replayed; those that were not wait until somebody looks.
KEEP_REPLAYED = timedelta(days=30)
#: Counts by the minute are for watching; counts by the day are usage itself.
KEEP_MINUTES = timedelta(days=35)


def work_on_tidying(job: JobHandle) -> dict[str, int]:
    """Match what waits against what is known by now, and delete what nobody needs any more."""
    matched = match_waiting()
    job.progress(1, 2)
    return {"matched": matched, **forget_old()}


def match_waiting() -> int:
    """Have parties read again that an account is known for by now; returns how many.

    What messages tell is matched at once. This is for accounts and ids that came otherwise, such
    as from a file.
    """
    return sum(map(_match_source, EventSource.objects.order_by("id")))


def forget_old() -> dict[str, int]:
    """Delete what nobody needs any more; returns how many rows of what."""
    now = clock.now()
    ignored = HeldMessages.objects.filter(party__ignored_at__lt=now - KEEP_IGNORED)
    visitors = HeldMessages.objects.filter(party__kind=ANONYMOUS)
    minutes, _ = ArrivalMinute.objects.filter(minute__lt=now - KEEP_MINUTES).delete()
    replayed, _ = RefusedMessage.objects.filter(replayed_at__lt=now - KEEP_REPLAYED).delete()
    return {
        "ignored": _drop(ignored.filter(received_at__lt=now - KEEP_IGNORED)),
        "visitors": _drop(visitors.filter(received_at__lt=now - KEEP_ANONYMOUS)),
        "replayed": replayed,
        "minutes": minutes,
    }


def _match_source(source: EventSource) -> int:
    now, found, last = moment_of(clock.now()), 0, 0
    waiting = UnmatchedParty.objects.filter(source=source, due_to=None, messages__gt=0)
    while parties := list(waiting.filter(pk__gt=last).order_by("id")[:CHUNK]):
        last = parties[-1].pk
        directory = _directory(source, parties)
        due = [party for party in parties if is_matched(directory, party, now)]
        mark_due(due)
        found += len(due)
    return found


def _directory(source: EventSource, parties: Sequence[UnmatchedParty]) -> Directory:
    keys: dict[str, set[str]] = defaultdict(set)
    for party in parties:
        keys[party.kind].add(party.key)
    directory = Directory(source)
    directory.load(groups=keys[GROUP])
    load_people(directory, keys[USER], keys[ANONYMOUS])
    return directory


def _drop(rows: QuerySet[HeldMessages]) -> int:
    """Delete held rows and count them off their parties; returns how many messages went."""
    dropped = 0
    while found := list(rows.order_by("id").values_list("id", "party_id", "messages")[:CHUNK]):
        gone: dict[int, int] = defaultdict(int)
        for _row, party, messages in found:
            gone[party] += messages
        _delete([row for row, _party, _messages in found], gone)
        dropped += sum(gone.values())
    return dropped


@transaction.atomic
def _delete(rows: Sequence[int], gone: dict[int, int]) -> None:
    HeldMessages.objects.filter(pk__in=rows).delete()
    for party, messages in gone.items():
        UnmatchedParty.objects.filter(pk=party).update(messages=F("messages") - messages)
    UnmatchedParty.objects.filter(pk__in=gone, messages=0, ignored_at=None).delete()
