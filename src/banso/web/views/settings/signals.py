"""The rules that open signals: what holds, how severe, and what to do about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from banso.health.selectors.metrics import metric_names, metric_units, metrics
from banso.health.selectors.signals import open_counts, signal_rule_by_uid, signal_rules
from banso.health.services import signal_rules as services
from banso.kit.errors import InvalidInputError
from banso.kit.numbers import small_int
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.signal_form import (
    KINDS,
    OPERATORS,
    conditions_of,
    rows_of,
    rows_of_post,
    sentence,
)

if TYPE_CHECKING:
    from banso.health.models import SignalRule

SEVERITIES: dict[int, Any] = {
    3: gettext_lazy("Today"),
    2: gettext_lazy("This week"),
    1: gettext_lazy("Worth a look"),
}
DIRECTIONS: dict[str, Any] = {
    "risk": gettext_lazy("Sign of churn"),
    "opportunity": gettext_lazy("Sign of expansion"),
}
TEXTS = ("name_ja", "name_en", "advice_ja", "advice_en", "direction")


def _name(rule: SignalRule, language: str) -> str:
    return rule.name_ja if language == "ja" else rule.name_en


@access("health.design")
def rule_list(request: HttpRequest) -> HttpResponse:
    """All rules with what opens a signal and how many are open now."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    names, units, counts = metric_names(reader.language), metric_units(), open_counts()
    rows = [
        {
            "rule": rule,
            "name": _name(rule, reader.language),
            "advice": rule.advice_ja if reader.language == "ja" else rule.advice_en,
            "sentence": sentence(rule.conditions, names, units),
            "severity": SEVERITIES[rule.severity],
            "open": counts.get(rule.pk, 0),
            "query": json.dumps({"field": "signal", "op": "has", "value": rule.key}),
        }
        for rule in signal_rules()
    ]
    groups = [
        {"label": label, "rows": [row for row in rows if row["rule"].direction == direction]}
        for direction, label in DIRECTIONS.items()
    ]
    return render_section(request, "signals", "signals", {"groups": groups})


def _values(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    severity = post.get("severity", "")
    return {
        **{field: post.get(field, "") for field in TEXTS},
        "severity": small_int(severity) or 0,
        "conditions": conditions_of(post),
    }


def _context(
    request: HttpRequest, rule: SignalRule | None, values: dict[str, Any], rows: Any
) -> dict[str, Any]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    names = metric_names(reader.language)
    offered = metrics().values_list("key", flat=True)
    blank = {"kind": "", "metric": "", "op": "gte", "value": "", "days": ""}
    return {
        "rule": rule,
        "name": _name(rule, reader.language) if rule else "",
        "values": values,
        "rows": rows or [{**blank, "kind": "metric"}],
        "blank": blank,
        "kinds": KINDS,
        "operators": OPERATORS,
        "severities": SEVERITIES,
        "directions": DIRECTIONS,
        "metrics": sorted(((key, names[key]) for key in offered), key=lambda pair: pair[1]),
    }


def _save(request: HttpRequest, rule: SignalRule | None) -> None:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    values = _values(request)
    if rule is None:
        services.create_rule(actor=reader.actor, key=request.POST.get("key", ""), **values)
    else:
        services.change_rule(actor=reader.actor, rule=rule, **values)


def _edit(request: HttpRequest, rule: SignalRule | None) -> HttpResponse:
    if request.method == "POST":
        try:
            _save(request, rule)
        except InvalidInputError as error:
            typed: dict[str, Any] = {
                key: request.POST.get(key, "") for key in (*TEXTS, "severity", "key")
            }
            typed["show"] = request.POST.getlist("show")
            context = _context(request, rule, typed, rows_of_post(request.POST))
            context |= {"error": error, "problems": error.fields}
            return render_section(request, "signals", "signal", context, status=400)
        messages.success(request, _("The rule is saved. Signals follow with the next run."))
        return redirect("settings-signals")
    if rule is None:
        values: dict[str, Any] = {"direction": "risk", "severity": "2", "show": []}
        return render_section(request, "signals", "signal", _context(request, None, values, []))
    values = {field: getattr(rule, field) for field in TEXTS}
    values |= {"severity": str(rule.severity), "show": rule.conditions.get("show", [])}
    context = _context(request, rule, values, rows_of(rule.conditions))
    return render_section(request, "signals", "signal", context)


@access("health.design")
def new_rule(request: HttpRequest) -> HttpResponse:
    """Make a rule."""
    return _edit(request, None)


@access("health.design")
def rule(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a rule."""
    return _edit(request, signal_rule_by_uid(uid))


@access("health.design")
@require_POST
def switch(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Switch a rule on or off."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found, on = signal_rule_by_uid(uid), request.POST.get("on") == "yes"
    closed = 0 if on else open_counts().get(found.pk, 0)
    services.switch_rule(actor=reader.actor, rule=found, on=on)
    if on:
        text = _("The rule is switched on. Its signals open with the next run.")
    else:
        text = ngettext(
            "The rule is switched off and its %(count)d open signal closed.",
            "The rule is switched off and its %(count)d open signals closed.",
            closed,
        ) % {"count": closed}
    messages.success(request, text)
    return redirect("settings-signals")
