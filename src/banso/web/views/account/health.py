"""The score of any day, taken apart, and the change between two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from banso.health.selectors.judgement import current_override
from banso.health.selectors.scores import (
    DayScore,
    Series,
    change,
    day_score,
    last_judged_day,
    score_series,
)
from banso.web.access import access
from banso.web.charts import Chart, time_chart
from banso.web.charts import Series as Line
from banso.web.views.account.facts import Names, in_own_language
from banso.web.views.account.falls import (
    cause_totals,
    change_falls,
    change_sentence,
    lift_rows,
    score_falls,
)
from banso.web.views.account.frame import account_for, reader_of, render_tab

HISTORY_DAYS = 365
#: Steps back that are offered for the comparison.
STEPS = (7, 28, 91)


def asked_day(request: HttpRequest, name: str) -> date | None:
    """A day from the address, or None where it is absent or no day."""
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def history_chart(series: Series) -> Chart | None:
    """The score day by day with marks where a version or a score set by hand began."""
    if not any(value is not None for value in series.scores):
        return None
    marks = [
        (day, _("version %(number)s") % {"number": version.number})
        for day, version in series.versions
    ]
    inside = [span for span in series.overrides if series.days[0] <= span.first <= series.days[-1]]
    marks += [(span.first, _("set by hand")) for span in inside]
    lines = [Line(_("Score"), series.scores, "token:accent")]
    if series.computed != series.scores:
        lines.append(Line(_("Computed"), series.computed, "token:none"))
    return time_chart(
        key="score",
        title=_("Health score"),
        days=series.days,
        series=lines,
        description=_("The account's health score day by day, from 0 to 100."),
        y_domain=(0, 100),
        marks=marks,
        day_label=_("Day"),
    )


def score_card(day: DayScore | None, names: Names) -> dict[str, Any]:
    """What the card with the waterfall shows."""
    if day is None:
        return {"day": None}
    return {
        "day": day,
        "card": in_own_language(day.version.scorecard, "name"),
        "groups": score_falls(day, names),
        "lift": lift_rows(day, names),
        "action": _action(day),
    }


def _action(day: DayScore) -> str:
    action = next((one for band, one in day.spec.actions.items() if band == day.band), None)
    if action is None:
        return ""
    return str(action.ja if (get_language() or "").startswith("ja") else action.en)


def _comparison(account: Any, after: DayScore, since: date, names: Names) -> dict[str, Any]:
    before = day_score(account, since)
    if before is None:
        return {"since": since, "change": None}
    found = change(before, after)
    return {
        "since": since,
        "change": found,
        "sentence": change_sentence(found, names),
        "rows": change_falls(found, names),
        "causes": cause_totals(found),
    }


def _steps(day: date) -> Sequence[tuple[date, int]]:
    return [(day - timedelta(days=back), back) for back in STEPS]


@access("accounts.view")
def health(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The waterfall of a day; beside it, where asked, what changed since another day."""
    reader, account = reader_of(request), account_for(request, uid)
    names = Names.load()
    day = asked_day(request, "on") or last_judged_day(account) or reader.today
    found, since = day_score(account, day), asked_day(request, "with")
    series = score_series(account, reader.today - timedelta(days=HISTORY_DAYS), reader.today)
    context: dict[str, Any] = {
        "on": day,
        "since": since,
        "score": score_card(found, names),
        "chart": history_chart(series),
        "steps": _steps(day),
        "override": current_override(account, reader.today),
    }
    if found and since:
        context["compared"] = _comparison(account, found, since, names)
    return render_tab(request, account, "health", context)
