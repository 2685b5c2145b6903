"""Seeing to a signal: snooze it, resolve it, or open it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.health.selectors.signals import signal_by_uid
from banso.health.services.signals import reopen_signal, resolve_signal, snooze_signal
from banso.health.types import Direction
from banso.kit.errors import NotFoundError
from banso.web import formats
from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.redirects import back
from banso.web.views.account.facts import Names, evidence_sentences, in_own_language
from banso.web.views.account.frame import account_for, reader_of, render_tab
from banso.web.views.account.judgement_forms import ResolveForm, SnoozeForm
from banso.web.views.account.words import OUTCOMES, label

SNOOZE_DAYS = 14


def signal_row(reader: Reader, signal: Any, names: Names) -> dict[str, Any]:
    """A signal as pages show it: what, since when, the figures, what to do."""
    risk = signal.rule.direction == Direction.RISK
    return {
        "signal": signal,
        "name": in_own_language(signal.rule, "name"),
        "advice": in_own_language(signal.rule, "advice"),
        "risk": risk,
        "tone": "danger" if risk else "healthy",
        "icon": "triangle-alert" if risk else "trending-up",
        "outcome": label(OUTCOMES, signal.outcome),
        "when": formats.since_and_noticed(signal.since, signal.created_at),
        "evidence": evidence_sentences(signal.evidence, names),
        "task_title": _("%(signal)s: see to it") % {"signal": in_own_language(signal.rule, "name")},
    }


def _signal_of(request: HttpRequest, uid: UUID, signal: UUID) -> Any:
    found = signal_by_uid(reader_of(request).actor, signal)
    if found.account.uid != uid:
        raise NotFoundError(_("This signal does not exist."))
    return found


def _home(uid: UUID) -> str:
    return f"{reverse('account', args=[uid])}#signals"


@access("health.signal")
def snooze(request: HttpRequest, uid: UUID, signal: UUID) -> HttpResponse:
    """Keep a signal quiet until a day, with a reason."""
    reader, found = reader_of(request), _signal_of(request, uid, signal)
    initial = {"until": reader.today + timedelta(days=SNOOZE_DAYS)}
    form = SnoozeForm(request.POST or None, initial=initial)
    if request.method == "POST":
        write = {"actor": reader.actor, "signal": found}
        if submit(form, lambda: snooze_signal(**write, **form.cleaned_data)):
            messages.success(request, _("The signal is quiet until then."))
            return back(request, _home(uid))
    return _form_page(request, found, form, _("Snooze the signal"))


@access("health.signal")
def resolve(request: HttpRequest, uid: UUID, signal: UUID) -> HttpResponse:
    """Close a signal and say what came of it."""
    reader, found = reader_of(request), _signal_of(request, uid, signal)
    form = ResolveForm(request.POST or None, risk=found.rule.direction == Direction.RISK)
    if request.method == "POST":
        write = {"actor": reader.actor, "signal": found}
        if submit(form, lambda: resolve_signal(**write, **form.cleaned_data)):
            messages.success(request, _("The signal is resolved."))
            return back(request, _home(uid))
    return _form_page(request, found, form, _("Resolve the signal"))


@access("health.signal")
@require_POST
def reopen(request: HttpRequest, uid: UUID, signal: UUID) -> HttpResponse:
    """Wake a snoozed signal, or take back that it was resolved."""
    reopen_signal(actor=reader_of(request).actor, signal=_signal_of(request, uid, signal))
    messages.success(request, _("The signal is open again."))
    return back(request, _home(uid))


def _form_page(request: HttpRequest, signal: Any, form: Any, heading: str) -> HttpResponse:
    names = Names.load()
    account = account_for(request, signal.account.uid)
    context = {
        "form": form,
        "heading": heading,
        "row": signal_row(reader_of(request), signal, names),
    }
    status = 400 if form.errors else 200
    return render_tab(request, account, "overview", context, template="signal", status=status)
