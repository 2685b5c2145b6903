"""Forms about scorecards: names and which accounts they judge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.accounts.types import Lifecycle
from banso.web.words import lifecycle_word


class ScorecardForm(forms.Form):
    """A scorecard's names and conditions."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    lifecycles = forms.MultipleChoiceField(
        label=_("Lifecycle stages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all."),
    )
    segments = forms.MultipleChoiceField(
        label=_("Segments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all."),
    )

    def __init__(
        self, *args: Any, segments: list[str], conditions: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lifecycles"].choices = [  # type: ignore[attr-defined]
            (stage.value, lifecycle_word(stage)) for stage in Lifecycle
        ]
        self.fields["segments"].choices = [(name, name) for name in segments]  # type: ignore[attr-defined]
        if not conditions:
            del self.fields["lifecycles"], self.fields["segments"]
        elif not segments:
            del self.fields["segments"]
