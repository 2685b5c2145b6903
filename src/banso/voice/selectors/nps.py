"""NPS over all answers: the score, its distribution, its months, and the answers themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from banso.accounts.selectors import visible
from banso.kit import clock
from banso.voice.models import NpsAnswer
from banso.voice.rules import DETRACTORS, PASSIVES, PROMOTERS, Nps, band, nps
from banso.workspace.selectors import company_zone
from banso.workspace.types import Actor

__all__ = ["GROUPS", "Month", "Nps", "Summary", "answers", "band", "summary", "waves"]

GROUPS = {"promoters": PROMOTERS, "passives": PASSIVES, "detractors": DETRACTORS}


@dataclass(frozen=True, slots=True)
class Month:
    """The score of the answers given in one month of the company's zone."""

    first_day: date
    nps: Nps


@dataclass(frozen=True, slots=True)
class Summary:
    """The score of many answers.

    Attributes:
        nps: over all of them.
        counts: answer 0 to 10 to how often it was given.
        months: in order of time; months without answers are left out.
    """

    nps: Nps
    counts: dict[int, int]
    months: tuple[Month, ...]


def answers(
    actor: Actor,
    *,
    first: date | None = None,
    last: date | None = None,
    wave: str = "",
    group: str = "",
) -> QuerySet[NpsAnswer]:
    """Answers that the actor may see, newest first, with account and person.

    Answers that belong to no account are everybody's.

    Args:
        first, last: days in the company's zone, both included.
        group: ``promoters``, ``passives``, ``detractors``, or empty for all.
    """
    found = NpsAnswer.objects.select_related("account", "contact").order_by("-answered_at", "-id")
    if actor.restricted:
        found = found.filter(Q(account__in=visible(actor)) | Q(account=None))
    zone = company_zone()
    if first:
        found = found.filter(answered_at__gte=clock.midnight(first, zone))
    if last:
        found = found.filter(answered_at__lt=clock.midnight(last + timedelta(days=1), zone))
    if wave:
        found = found.filter(wave=wave)
    return found.filter(score__in=list(GROUPS[group])) if group in GROUPS else found


def waves(actor: Actor) -> list[str]:
    """The surveys that answers name, in the order of their names."""
    named = answers(actor).exclude(wave="").order_by("wave").values_list("wave", flat=True)
    return list(named.distinct())


def summary(found: QuerySet[NpsAnswer]) -> Summary:
    """The score of some answers, in one query over the database."""
    zone = company_zone()
    rows = (
        found.select_related(None)
        .order_by()
        .annotate(month=TruncMonth("answered_at", tzinfo=zone))
        .values_list("month", "score")
        .annotate(count=Count("pk"))
    )
    months: dict[date, dict[int, int]] = defaultdict(dict)
    counts = dict.fromkeys(range(11), 0)
    for month, score, count in rows:
        months[month.date()][score] = count
        counts[score] += count
    return Summary(
        nps(counts),
        counts,
        tuple(Month(day, nps(months[day])) for day in sorted(months)),
    )
