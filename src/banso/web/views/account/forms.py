"""Forms of the account page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.accounts.types import MANUAL_KINDS, ContactRole, Lifecycle, Literacy
from banso.kit import clock
from banso.web.reader import Reader
from banso.web.views.account.words import KINDS
from banso.web.words import contact_role_word, lifecycle_word, literacy_word
from banso.workspace.selectors import owners
from banso.workspace.types import Role

NONE = ("", "–")
_MOMENT = "%Y-%m-%dT%H:%M"


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    """A date typed or picked in the browser's own way."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DayInput(),
        input_formats=["%Y-%m-%d"],
    )


class TouchForm(forms.Form):
    """A note, call, meeting or mail."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    body = forms.CharField(
        label=gettext_lazy("What was said and agreed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    contact = forms.TypedChoiceField(
        label=gettext_lazy("With"), coerce=int, empty_value=None, required=False
    )
    happened_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, f"{_MOMENT}:%S"],
        required=False,
    )

    def __init__(self, *args: Any, people: Iterable[Any], **kwargs: Any) -> None:
        now = timezone.localtime(clock.now())
        kwargs["initial"] = {"kind": "note", "happened_at": now} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._people = {person.pk: person for person in people}
        named = [(pk, person.name) for pk, person in self._people.items()]
        nobody = ("", _("With: nobody chosen"))
        self.fields["contact"].choices = [nobody, *named]  # type: ignore[attr-defined]
        kinds = [(kind.value, KINDS[kind][0]) for kind in MANUAL_KINDS]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(entry: Any) -> dict[str, Any]:
        """The form's values for an entry that exists."""
        fields = ("kind", "title", "body")
        return {field: getattr(entry, field) for field in fields} | {
            "contact": entry.contact_id,
            "happened_at": timezone.localtime(entry.happened_at),
        }

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        fields = ("kind", "title", "body")
        person = self._people.get(self.cleaned_data["contact"])
        # The field knows no seconds: an entry of this minute must not lie in the future.
        moment = self.cleaned_data["happened_at"] or clock.now()
        return {field: self.cleaned_data[field] for field in fields} | {
            "contact": person,
            "happened_at": moment,
        }


class ContactForm(forms.Form):
    """A person at an account."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_kana = forms.CharField(label=gettext_lazy("Reading"), max_length=200, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=120, required=False)
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    literacy = forms.ChoiceField(
        label=gettext_lazy("Digital literacy"),
        required=False,
        help_text=gettext_lazy("How easily the person works with software like ours."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    consent = forms.ChoiceField(label=gettext_lazy("Advertising mail"), required=False)
    left_on = day_field(gettext_lazy("Left on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("role", [(role.value, contact_role_word(role)) for role in ContactRole])
        self._choices("literacy", [(level.value, literacy_word(level)) for level in Literacy])
        self._choices("language", list(settings.LANGUAGES))
        asked = [("yes", _("Agreed")), ("no", _("Refused"))]
        self._choices("consent", asked, blank=_("Never asked"))

    def _choices(self, field: str, choices: list[tuple[str, Any]], blank: str = "–") -> None:
        self.fields[field].choices = [("", blank), *choices]  # type: ignore[attr-defined]


class AccountForm(forms.Form):
    """A company; owners only for those who may hand accounts over."""

    name = forms.CharField(label=gettext_lazy("Company name"), max_length=300)
    name_kana = forms.CharField(label=gettext_lazy("Reading"), max_length=300, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=300, required=False)
    domain = forms.CharField(
        label=gettext_lazy("Website"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Also finds the account of people by their mail address."),
    )
    corporate_number = forms.CharField(
        label=gettext_lazy("Corporate number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("13 digits, as the Japanese tax agency gave it."),
    )
    industry = forms.CharField(label=gettext_lazy("Industry"), max_length=120, required=False)
    employees = forms.CharField(label=gettext_lazy("Employees"), max_length=14, required=False)
    segment = forms.CharField(label=gettext_lazy("Segment"), max_length=80, required=False)
    lifecycle = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    customer_since = day_field(gettext_lazy("Customer since"))
    country = forms.CharField(label=gettext_lazy("Country"), max_length=80, required=False)
    region = forms.CharField(label=gettext_lazy("Region"), max_length=120, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=500, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Such as Asia/Tokyo."),
    )
    cs_owner = forms.TypedChoiceField(
        label=gettext_lazy("CS owner"), coerce=int, empty_value=None, required=False
    )
    sales_owner = forms.TypedChoiceField(
        label=gettext_lazy("Sales owner"), coerce=int, empty_value=None, required=False
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, reader: Reader, segments: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.segments = list(segments)
        self.fields["segment"].widget.attrs["list"] = "segments"
        stages = [(stage.value, lifecycle_word(stage)) for stage in Lifecycle]
        self.fields["lifecycle"].choices = [NONE, *stages]  # type: ignore[attr-defined]
        languages = [NONE, *settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self._people: dict[str, dict[int, Any]] = {}
        for field, role in (("cs_owner", Role.CSM), ("sales_owner", Role.SALES)):
            self._owner(field, role, reader)

    def _owner(self, field: str, role: Role, reader: Reader) -> None:
        if not reader.may("accounts.assign"):
            del self.fields[field]
            return
        self._people[field] = {user.pk: user for user in owners(role)}
        present = self.initial.get(field)
        if present is not None:
            self._people[field].setdefault(present.pk, present)
            self.initial[field] = present.pk
        names = [(pk, user.name) for pk, user in self._people[field].items()]
        self.fields[field].choices = [NONE, *names]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        owned = {
            field: people.get(self.cleaned_data[field]) for field, people in self._people.items()
        }
        skipped = {"confirmed", "seen_at", *owned}
        rest = {key: value for key, value in self.cleaned_data.items() if key not in skipped}
        return rest | owned
