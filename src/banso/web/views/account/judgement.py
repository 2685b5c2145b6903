"""What a person says about an account's health: a score set by hand, and a sentiment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.health.selectors.judgement import current_override, overrides, sentiments
from banso.health.services.judgement import (
    DEFAULT_OVERRIDE_DAYS,
    DEFAULT_SENTIMENT_DAYS,
    end_override,
    set_override,
    set_sentiment,
)
from banso.web.access import access
from banso.web.forms import submit
from banso.web.views.account.frame import account_for, pulse_of, reader_of, render_tab
from banso.web.views.account.judgement_forms import OverrideForm, SentimentForm
from banso.web.views.account.words import SENTIMENT_ICONS, SENTIMENT_TONES, SENTIMENTS, label
from banso.workspace.policies import require

HISTORY = 12


def sentiment_row(said: Any) -> dict[str, Any]:
    """One sentiment as pages show it: word, icon, tone."""
    return {
        "said": said,
        "word": label(SENTIMENTS, said.value),
        "icon": SENTIMENT_ICONS.get(said.value, "circle"),
        "tone": SENTIMENT_TONES.get(said.value, ""),
    }


@access("health.judge")
def override(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Set the score by hand, with a reason and an end."""
    reader, account = reader_of(request), account_for(request, uid)
    require(reader.actor, "health.judge", account)
    pulse = pulse_of(account)
    initial = {
        "score": int(pulse.computed_score) if pulse and pulse.computed_score is not None else None,
        "until": reader.today + timedelta(days=DEFAULT_OVERRIDE_DAYS),
    }
    form = OverrideForm(request.POST or None, initial=initial)
    if request.method == "POST":
        write = {"actor": reader.actor, "account": account}
        if submit(form, lambda: set_override(**write, **form.cleaned_data)):
            messages.success(request, _("The score is set. It counts within a few seconds."))
            return redirect("account", uid)
    context = {
        "form": form,
        "current": current_override(account, reader.today),
        "history": overrides(account)[:HISTORY],
    }
    status = 400 if form.errors else 200
    return render_tab(request, account, "health", context, template="override", status=status)


@access("health.judge")
@require_POST
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let the computed score count again."""
    end_override(actor=reader_of(request).actor, account=account_for(request, uid))
    messages.success(request, _("The computed score counts again."))
    return redirect("account", uid)


@access("health.judge")
def sentiment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say how it goes with the customer, whatever the figures say."""
    reader, account = reader_of(request), account_for(request, uid)
    require(reader.actor, "health.judge", account)
    initial = {"until": reader.today + timedelta(days=DEFAULT_SENTIMENT_DAYS)}
    form = SentimentForm(request.POST or None, initial=initial)
    if request.method == "POST":
        write = {"actor": reader.actor, "account": account}
        if submit(form, lambda: set_sentiment(**write, **form.cleaned_data)):
            messages.success(request, _("Noted. It moves the score within a few seconds."))
            return redirect("account", uid)
    history = [sentiment_row(said) for said in sentiments(account)[:HISTORY]]
    context = {"form": form, "history": history}
    status = 400 if form.errors else 200
    return render_tab(request, account, "health", context, template="sentiment", status=status)
