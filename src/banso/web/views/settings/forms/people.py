"""Forms about people: profile, password, users and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from banso.web.forms import LongSelect, time_zones
from banso.web.views.settings.words import ROLES

if TYPE_CHECKING:
    from banso.workspace.models import User

THEMES = (("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark")))
_new_password = forms.PasswordInput(attrs={"autocomplete": "new-password"})
_old_password = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class ProfileForm(forms.Form):
    """What a person decides about himself."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        widget=LongSelect,
        help_text=_("Times are shown to you in this zone."),
    )
    theme = forms.ChoiceField(label=_("Colours"), choices=THEMES)

    def __init__(self, *args: Any, company_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = _("As the company (%(zone)s)") % {"zone": company_zone}
        self.fields["time_zone"].choices = [("", company), *time_zones()]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A new password, given by an administrator."""

    password = forms.CharField(
        label=_("New password"), widget=_new_password, help_text=_("At least 8 characters.")
    )


class OwnPasswordForm(PasswordForm):
    """A new password for oneself: the present one is asked for."""

    current = forms.CharField(label=_("Current password"), widget=_old_password)
    field_order = ("current", "password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_current(self) -> str:
        """Refuse a wrong current password."""
        current = str(self.cleaned_data["current"])
        if not self._user.check_password(current):
            raise forms.ValidationError(_("This is not your current password."))
        return current


class UserForm(forms.Form):
    """A person as an administrator sees him."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"), help_text=_("Used to sign in."))
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    teams = forms.TypedMultipleChoiceField(
        label=_("Teams"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, teams: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].choices = teams  # type: ignore[attr-defined]
        if not teams:
            del self.fields["teams"]


class NewUserForm(UserForm):
    """A person to be added."""

    password = forms.CharField(
        label=_("First password"),
        widget=_new_password,
        help_text=_("At least 8 characters. Hand it over in person; it can be changed later."),
    )


class ExistingUserForm(UserForm):
    """A person who already has a sign-in."""

    is_active = forms.BooleanField(
        label=_("May sign in"),
        required=False,
        help_text=_("Switched off, nothing of the person's work is lost."),
    )


class TeamForm(forms.Form):
    """A team and who is in it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people  # type: ignore[attr-defined]
