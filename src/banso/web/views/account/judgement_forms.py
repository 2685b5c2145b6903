"""Forms of what people say about health and do about signals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from banso.health.types import Outcome
from banso.web.views.account.forms import day_field
from banso.web.views.account.words import OUTCOMES, SENTIMENTS


class OverrideForm(forms.Form):
    """A score set by hand."""

    score = forms.FloatField(
        label=gettext_lazy("Score"),
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "1", "inputmode": "numeric", "autofocus": True}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What do you know that the figures do not show?"),
    )
    until = day_field(
        gettext_lazy("Until"),
        required=True,
        help_text=gettext_lazy("The last day on which it counts; then the computed score returns."),
    )


class SentimentForm(forms.Form):
    """How the CSM feels about an account."""

    value = forms.ChoiceField(
        label=gettext_lazy("How does it go with this customer?"),
        choices=list(SENTIMENTS.items()),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    until = day_field(
        gettext_lazy("Counts until"),
        required=True,
        help_text=gettext_lazy("After that day nobody’s old feeling moves the score any more."),
    )


class SnoozeForm(forms.Form):
    """Until when a signal keeps quiet, and why."""

    until = day_field(
        gettext_lazy("Until"),
        required=True,
        help_text=gettext_lazy("It comes back on that day if it still holds."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )


class ResolveForm(forms.Form):
    """What came of a signal."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("This later tells how often each kind of signal is right."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, risk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = (Outcome.HELPED, Outcome.NO_EFFECT) if risk else (Outcome.WON, Outcome.LOST)
        shown = (*ends, Outcome.KNOWN, Outcome.FALSE_ALARM)
        choices = [(outcome.value, OUTCOMES[outcome]) for outcome in shown]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
