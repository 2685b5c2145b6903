"""What a person decides about himself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.views.settings.forms.people import OwnPasswordForm, ProfileForm
from banso.web.views.settings.frame import render_section
from banso.workspace.services.people import PROFILE_FIELDS, change_user, set_password


def _profile_form(request: HttpRequest, *, posted: bool) -> ProfileForm:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return ProfileForm(
        request.POST if posted else None,
        initial={field: getattr(reader.user, field) for field in PROFILE_FIELDS},
        company_zone=reader.company.time_zone,
    )


@access("workspace.own_profile")
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change one's own name, language, zone and colours."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    assert reader.user is not None
    user = reader.user
    form = _profile_form(request, posted=request.method == "POST")
    if request.method == "POST":
        done = submit(form, lambda: change_user(actor=reader.actor, user=user, **form.cleaned_data))
        if done:
            with translation.override(user.language):
                messages.success(request, _("Your profile is saved."))
            return redirect("settings-profile")
        user.refresh_from_db()
    context = {"form": form, "password_form": OwnPasswordForm(user=user)}
    return render_section(request, "profile", "profile", context)


@access("workspace.own_profile")
@require_POST
def own_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other open sessions end, this one stays."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    assert reader.user is not None
    user = reader.user
    form = OwnPasswordForm(request.POST, user=user)

    def write() -> bool:
        set_password(actor=reader.actor, user=user, password=form.cleaned_data["password"])
        return True

    if submit(form, write):
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed."))
        return redirect("settings-profile")
    context = {"form": _profile_form(request, posted=False), "password_form": form}
    return render_section(request, "profile", "profile", context)
