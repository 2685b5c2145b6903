"""Reads of event sources: which there are, how they fare, and with which keys they send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from banso.kit import clock
from banso.kit.errors import NotFoundError
from banso.usage.models import ArrivalMinute, EventSource, RefusedMessage, WriteKey
from banso.workspace.selectors import company_zone


@dataclass(frozen=True, slots=True)
class Day:
    """Messages of a source since midnight in the company's zone."""

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with how its day went and how many keys are let in."""

    source: EventSource
    today: Day
    keys: int


def source_by_uid(uid: UUID) -> EventSource:
    """One source.

    Raises:
        NotFoundError: there is none.
    """
    found = EventSource.objects.filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("There is no such source."))
    return found


def sources() -> list[EventSource]:
    """All sources by name."""
    return list(EventSource.objects.order_by("name"))


def any_source() -> bool:
    """Whether anything may send events."""
    return EventSource.objects.exists()


def source_rows() -> list[SourceRow]:
    """All sources with their day, by name."""
    found, days = sources(), _days()
    keys = usable_keys([source.pk for source in found])
    return [SourceRow(source, days.get(source.pk, Day()), len(keys[source.pk])) for source in found]


def day_of(source: EventSource) -> Day:
    """How the source's day went so far."""
    return _days(source).get(source.pk, Day())


def keys_of(source: EventSource) -> list[WriteKey]:
    """The keys that are let in now, the newest first."""
    return usable_keys([source.pk])[source.pk]


def usable_keys(source_ids: Sequence[int]) -> dict[int, list[WriteKey]]:
    """Source to the keys that are let in now, the newest first."""
    found: dict[int, list[WriteKey]] = {pk: [] for pk in source_ids}
    holds = Q(retired_at=None) | Q(retired_at__gt=clock.now())
    for key in WriteKey.objects.filter(holds, source__in=source_ids).order_by("-id"):
        found[key.source_id].append(key)
    return found


def key_of(source: EventSource, key_id: int) -> WriteKey:
    """One key of a source.

    Raises:
        NotFoundError: it has none with this number.
    """
    found = WriteKey.objects.filter(source=source, pk=key_id).select_related("source").first()
    if found is None:
        raise NotFoundError(_("There is no such key."))
    return found


def _days(source: EventSource | None = None) -> dict[int, Day]:
    minutes = ArrivalMinute.objects.filter(minute__gte=_midnight(company_zone())).order_by()
    if source is not None:
        minutes = minutes.filter(source=source)
    names = ("accepted", "duplicates", "refused", "held")
    rows = minutes.values_list("source_id").annotate(*map(Sum, names))
    days = {pk: Day(*figures) for pk, *figures in rows}
    for pk, refused in _refused(source):
        day = days.get(pk, Day())
        # Of requests that were refused whole nothing is counted by the minute.
        days[pk] = replace(day, refused=max(day.refused, refused))
    return days


def _refused(source: EventSource | None) -> QuerySet[RefusedMessage, tuple[int, int]]:
    """Source to what lies in quarantine of today's."""
    kept = RefusedMessage.objects.filter(received_at__gte=_midnight(company_zone())).order_by()
    if source is not None:
        kept = kept.filter(source=source)
    return kept.values_list("source_id").annotate(Count("id"))


def _midnight(zone: ZoneInfo) -> datetime:
    return datetime.combine(clock.now().astimezone(zone).date(), time(), zone)
