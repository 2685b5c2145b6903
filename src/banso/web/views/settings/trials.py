"""Drafts of metrics and of signal rules, tried by the worker before they are saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts.selectors.accounts import accounts_by_ids
from banso.health.selectors.metrics import metric_names, metric_units
from banso.health.selectors.signals import signal_rule_by_uid
from banso.health.selectors.stored import Spread
from banso.health.services.requests import TRY_METRIC, TRY_RULE
from banso.health.services.trials import start_metric_trial, start_rule_trial
from banso.kit.errors import InvalidInputError, NotFoundError
from banso.web import metric_words
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.account.facts import Names, evidence_sentences
from banso.web.views.settings import signal_form
from banso.web.views.settings.jobs import job_row
from banso.web.views.settings.metric_form import definition_of
from banso.web.views.settings.metric_values import ends, histogram
from banso.web.views.settings.words import UNITS
from banso.workspace import selectors


def _refused(request: HttpRequest, error: InvalidInputError) -> HttpResponse:
    context = {"refused": error.fields.values() or [error.message]}
    return render(request, "settings/_trial.html", context)


@access("health.design")
@require_POST
def try_metric(request: HttpRequest) -> HttpResponse:
    """Have the metric that the form describes measured; answers with where the values will be."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    datasets = metric_words.dataset_forms(reader.language)
    try:
        definition = definition_of(request.POST, datasets)
        key = request.POST.get("key", "")
        job = start_metric_trial(actor=reader.actor, key=key, definition=definition)
    except InvalidInputError as error:
        return _refused(request, error)
    unit = urlencode({"unit": request.POST.get("unit", "")})
    return redirect(f"{reverse('settings-trial', args=[job.uid])}?{unit}")


@access("health.design")
@require_POST
def try_rule(request: HttpRequest) -> HttpResponse:
    """Have the accounts found that the form's conditions describe."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    rule = _rule(request.POST.get("rule", ""))
    try:
        conditions = signal_form.conditions_of(request.POST)
        job = start_rule_trial(actor=reader.actor, conditions=conditions, rule=rule)
    except InvalidInputError as error:
        return _refused(request, error)
    return redirect("settings-trial", uid=job.uid)


def _rule(uid: str) -> Any:
    try:
        return signal_rule_by_uid(UUID(uid)) if uid else None
    except ValueError:
        raise NotFoundError(_("This signal rule does not exist.")) from None


@access("health.design")
def trial(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What came of a trial, or how far it is; asked for again until it has ended."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    job = selectors.job_by_uid(uid)
    if job.kind not in _SHOWN:
        raise NotFoundError(_("This page does not exist."))
    row = job_row(job, reader)
    context = {"row": row, "alive": row["alive"], "workers": selectors.live_workers()}
    if job.result is not None:
        context |= _SHOWN[job.kind](request, job.params, job.result)
    return render(request, "settings/_trial.html", context)


def _metric_context(
    request: HttpRequest, params: dict[str, Any], result: dict[str, Any]
) -> dict[str, Any]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    asked = request.GET.get("unit", "")
    unit = asked if asked in UNITS else "number"
    names, datasets = metric_names(reader.language), metric_words.dataset_forms(reader.language)
    return {
        "sentence": metric_words.sentence(params["definition"], names, datasets),
        "histogram": histogram(reader, unit, Spread(*result["spread"])),
        "extremes": ends(reader, unit, (result["lowest"], result["highest"])),
    }


def _rule_context(
    request: HttpRequest, params: dict[str, Any], result: dict[str, Any]
) -> dict[str, Any]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    names = Names.load()
    accounts = accounts_by_ids(reader.actor, [pk for pk, _new, _evidence in result["rows"]])
    rows = [
        {
            "name": accounts[pk].name,
            "url": reverse("account", args=[accounts[pk].uid]),
            "new": new,
            "evidence": evidence_sentences(evidence, names),
        }
        for pk, new, evidence in result["rows"]
        if pk in accounts
    ]
    called = metric_names(reader.language)
    return {
        "sentence": signal_form.sentence(params["conditions"], called, metric_units()),
        "found": result,
        "changing": params["rule"] is not None,
        "rows": rows,
        "more": result["matched"] - len(rows),
    }


_SHOWN = {TRY_METRIC: _metric_context, TRY_RULE: _rule_context}
