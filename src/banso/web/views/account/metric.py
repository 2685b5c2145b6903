"""The rows from which a metric of an account was made."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from banso.health.selectors.metric_rows import Part, metric_rows
from banso.health.selectors.metrics import metric_by_key
from banso.health.selectors.scores import day_score
from banso.web import formats
from banso.web.access import access
from banso.web.metric_words import dataset_forms, sentence
from banso.web.views.account.cells import Cells
from banso.web.views.account.facts import Names, in_own_language
from banso.web.views.account.frame import account_for, pulse_of, reader_of, render_tab
from banso.web.views.account.health import asked_day


def _value_on(account: Any, key: str, day: date) -> float | None:
    """The metric's value: today's as published, that of a past day as the scorecard kept it."""
    pulse = pulse_of(account)
    if pulse and pulse.as_of == day:
        value: float | None = pulse.metrics.get(key)
        return value
    found = day_score(account, day)
    return found.values.get(key) if found else None


def _span(part: Part) -> str:
    if part.first == part.last:
        return formats.day(part.last)
    first = formats.day(part.first) if part.first else _("the beginning")
    return _("%(first)s to %(last)s") % {"first": first, "last": formats.day(part.last)}


def _part_row(part: Part, cells: Cells, names: Names, datasets: dict[str, Any]) -> dict[str, Any]:
    columns, rows = cells.table(part.rows)
    label = datasets.get(part.leaf.dataset, {}).get("label", part.leaf.dataset)
    return {
        "label": names.name(part.keys[-1]) if part.keys else label,
        "dataset": label,
        "span": _span(part),
        "columns": columns,
        "rows": rows,
        "count": len(part.rows),
        "more": part.more,
        "by_week": part.leaf.dataset == "user_days",
    }


@access("accounts.view")
def metric(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """A metric's value on a day, its formula in words, and its rows."""
    reader, account = reader_of(request), account_for(request, uid)
    found, names = metric_by_key(key), Names.load()
    day = asked_day(request, "on") or reader.today
    datasets = dataset_forms(reader.language)
    cells = Cells(account, names)
    parts = metric_rows(account, found, day)
    context = {
        "metric": found,
        "name": in_own_language(found, "name"),
        "formula": sentence(found.definition, dict(names.names), datasets),
        "may_define": reader.may("health.design"),
        "on": day,
        "value": names.value(key, _value_on(account, key, day)),
        "parts": [_part_row(part, cells, names, datasets) for part in parts],
    }
    return render_tab(request, account, "health", context, template="metric")
