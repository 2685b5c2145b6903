"""Forms about sources of events."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SourceForm(forms.Form):
    """What a person decides about a source."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("What sends: “Web app”, “Server”, “Mobile app”. One source each."),
    )
    creates_accounts = forms.BooleanField(
        label=_("Group calls may create accounts"),
        required=False,
        initial=True,
        help_text=_(
            "A company that nobody knows yet becomes an account when the call gives its name. "
            "Otherwise it waits to be matched by a person."
        ),
    )
    matches_domains = forms.BooleanField(
        label=_("Match users by the domain of their mail address"),
        required=False,
        initial=True,
        help_text=_("Addresses of free mail services are never matched."),
    )
