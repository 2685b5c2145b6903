"""The voice of the customer: NPS."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.voice.selectors.nps import GROUPS, Summary, answers, band, summary, waves
from banso.web.access import access
from banso.web.charts import Chart, Series, bar_chart, time_chart
from banso.web.reader import Reader

PER_PAGE = 50
PERIODS: dict[str, tuple[Any, int | None]] = {
    "90": (gettext_lazy("90 days"), 90),
    "365": (gettext_lazy("12 months"), 365),
    "all": (gettext_lazy("All time"), None),
}
GROUP_WORDS: dict[str, Any] = {
    "promoters": pgettext_lazy("nps", "Promoters (9–10)"),
    "passives": pgettext_lazy("nps", "Passives (7–8)"),
    "detractors": pgettext_lazy("nps", "Detractors (0–6)"),
}
TONES = {"promoters": "healthy", "passives": "caution", "detractors": "danger"}
BANDS: dict[str, Any] = {
    "improve": pgettext_lazy("nps", "room for improvement"),
    "good": pgettext_lazy("nps", "good"),
    "very_good": pgettext_lazy("nps", "very good"),
    "world": pgettext_lazy("nps", "world class"),
}


def group_of(score: int) -> str:
    """The group that an answer belongs to."""
    return next(name for name, scores in GROUPS.items() if score in scores)


def _asked(request: HttpRequest) -> dict[str, str]:
    period, group = request.GET.get("period", "365"), request.GET.get("group", "")
    return {
        "period": period if period in PERIODS else "365",
        "group": group if group in GROUPS else "",
        "wave": request.GET.get("wave", ""),
    }


def _distribution(found: Summary) -> Chart:
    return bar_chart(
        key="nps-distribution",
        title=_("How often each answer was given"),
        names=[str(score) for score in found.counts],
        values=list(found.counts.values()),
        tokens=[f"token:{TONES[group_of(score)]}" for score in found.counts],
        name_label=_("Answer"),
        value_label=_("Answers"),
    )


def _months(found: Summary) -> Chart | None:
    """The score month by month, once there is more than one."""
    if len(found.months) < 2:
        return None
    scores = [month.nps.score or 0 for month in found.months]
    reach = 50 if max(map(abs, scores)) <= 50 else 100
    return time_chart(
        key="nps-months",
        title=_("NPS by month"),
        days=[month.first_day for month in found.months],
        series=[Series("NPS", [month.nps.score for month in found.months])],
        y_domain=(-reach, reach),
        day_label=_("Month"),
    )


def _groups(found: Summary, total: int) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "label": label,
            "tone": TONES[key],
            "count": getattr(found.nps, key),
            "share": getattr(found.nps, key) / total if total else 0,
        }
        for key, label in GROUP_WORDS.items()
    ]


@access("health.view")
def nps(request: HttpRequest) -> HttpResponse:
    """The score, its distribution and months, and the answers behind it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    asked = _asked(request)
    days = PERIODS[asked["period"]][1]
    first = reader.today - timedelta(days=days - 1) if days else None
    within = answers(reader.actor, first=first, last=reader.today, wave=asked["wave"])
    found = summary(within)
    listed = answers(
        reader.actor, first=first, last=reader.today, wave=asked["wave"], group=asked["group"]
    )
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "periods": PERIODS,
        "waves": waves(reader.actor),
        "nps": found.nps,
        "band": BANDS[band(found.nps.score)] if found.nps.score is not None else "",
        "distribution": _distribution(found) if found.nps.answers else None,
        "groups": _groups(found, found.nps.answers),
        "months": _months(found) if found.nps.answers else None,
        "page": page,
        "rows": [{"answer": item, "tone": TONES[group_of(item.score)]} for item in page],
        "may_import": reader.may("imports.run"),
        "any": found.nps.answers or answers(reader.actor).exists(),
    }
    return render(request, "voice/nps.html", context)
