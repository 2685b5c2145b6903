"""The form of company-wide settings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import get_month_names
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from banso.kit import clock
from banso.web.forms import LongSelect, currencies, time_zones


def _is_rate(text: str) -> bool:
    try:
        rate = Decimal(text.strip())
    except InvalidOperation:
        return False
    return rate.is_finite() and rate > 0


class RatesField(forms.CharField):
    """Exchange rates, one a line: ``USD = 151.20``."""

    widget = forms.Textarea(attrs={"rows": 3, "placeholder": "USD = 151.20"})

    def prepare_value(self, value: Any) -> Any:
        """The lines of rates kept as code to rate; what was typed stays as it is."""
        if isinstance(value, dict):
            return "\n".join(f"{code} = {rate}" for code, rate in sorted(value.items()))
        return value

    def to_python(self, value: Any) -> Any:
        """Code to rate, both as text."""
        rates = {}
        for line in str(value or "").splitlines():
            code, mark, rate = line.replace("＝", "=").partition("=")
            if not line.strip():
                continue
            if not mark or not _is_rate(rate):
                raise forms.ValidationError(
                    _("“%(line)s”: write one rate a line, such as USD = 151.20."),
                    params={"line": line.strip()},
                )
            rates[code.strip().upper()] = rate.strip()
        return rates

    def validate(self, value: Any) -> None:
        """No rates at all are fine."""

    def run_validators(self, value: Any) -> None:
        """Text validators do not apply to what is a mapping by now."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other rates were typed."""
        return bool(initial != self.to_python(data))


class CompanyForm(forms.Form):
    """Everything that holds for the whole company."""

    name = forms.CharField(label=_("Company name"), max_length=200)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Used before sign-in and for new people."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        widget=LongSelect,
        help_text=_("A day of the company begins at midnight here."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        widget=LongSelect,
        help_text=_("ARR of all accounts is shown in this currency."),
    )
    fiscal_start_month = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), coerce=int, help_text=_("A year is named by its start.")
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace between terms"),
        min_value=0,
        max_value=366,
        help_text=_(
            "A gap of up to so many days between two contract lines still counts as one "
            "continuous subscription, not as churn and return."
        ),
    )
    pinned_on = forms.DateField(
        label=_("Look at the data as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For data that ends in the past. Leave empty to follow the calendar."),
    )
    exchange_rates = RatesField(
        label=_("Exchange rates"),
        required=False,
        help_text=_(
            "What one unit of another currency is worth in the company's, one a line. Without a "
            "rate, amounts count at face value and pages say so."
        ),
    )
    keep_events_months = forms.IntegerField(
        label=_("Months to keep single events"),
        min_value=0,
        max_value=240,
        help_text=_(
            "Older events are counted per user, day and feature, so that scores and figures stay "
            "as they are; when exactly something happened is forgotten. 0 keeps every event."
        ),
    )
    restrict_to_own_book = forms.BooleanField(
        label=_("CSMs and sales see only their own accounts"),
        required=False,
        help_text=_("Leaders and viewers always see all accounts."),
    )

    def clean_pinned_on(self) -> date | None:
        """A day that has come, or none."""
        day: date | None = self.cleaned_data["pinned_on"]
        if day is not None and day > clock.today(self.cleaned_data.get("time_zone") or "UTC"):
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean_exchange_rates(self) -> dict[str, str]:
        """Rates of other currencies than the company's own."""
        rates: dict[str, str] = self.cleaned_data["exchange_rates"]
        own = self.cleaned_data.get("currency")
        if own in rates:
            raise forms.ValidationError(
                _("%(code)s is the company's own currency and needs no rate."),
                params={"code": own},
            )
        return rates

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zones()  # type: ignore[attr-defined]
        self.fields["currency"].choices = currencies(language)  # type: ignore[attr-defined]
        months = get_month_names("wide", context="stand-alone", locale=language)
        self.fields["fiscal_start_month"].choices = [  # type: ignore[attr-defined]
            (number, months[number]) for number in range(1, 13)
        ]
