"""People who sign in here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.views.settings.forms.people import (
    ExistingUserForm,
    NewUserForm,
    PasswordForm,
    UserForm,
)
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.words import ROLES, label
from banso.workspace import selectors
from banso.workspace.services.people import change_user, create_user, set_password, set_teams

if TYPE_CHECKING:
    from banso.workspace.models import User

PER_PAGE = 50
_FIELDS = ("name", "email", "role", "language", "is_active")


@access("workspace.users")
def users(request: HttpRequest) -> HttpResponse:
    """Everybody with a sign-in, found by name, mail address or role."""
    found = selectors.find_users(
        text=request.GET.get("q", "").strip(), role=request.GET.get("role", "")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    languages = dict(settings.LANGUAGES)
    rows = [
        {
            "user": user,
            "role": label(ROLES, user.role),
            "language": languages.get(user.language, user.language),
        }
        for user in page
    ]
    context = {"page": page, "rows": rows, "roles": ROLES, "filters": request.GET}
    return render_section(request, "users", "users", context)


def _teams() -> list[tuple[int, str]]:
    return list(selectors.teams().values_list("pk", "name"))


def _joined(request: HttpRequest, person: User, form: UserForm) -> User:
    """The person, in the teams that the form names; where there are no teams it names none."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    set_teams(actor=reader.actor, user=person, team_ids=form.cleaned_data.get("teams", ()))
    return person


@access("workspace.users")
def new_user(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    initial = {"role": "csm", "language": reader.company.language}
    form = NewUserForm(request.POST or None, initial=initial, teams=_teams())

    def write() -> User:
        values = {name: form.cleaned_data[name] for name in (*_FIELDS[:-1], "password")}
        return _joined(request, create_user(actor=reader.actor, **values), form)

    if request.method == "POST" and (user := submit(form, write)):
        messages.success(request, _("%(name)s can sign in now.") % {"name": user.name})
        return redirect("settings-users")
    return render_section(request, "users", "user_new", {"form": form})


def _person_form(person: User, sent: QueryDict | None = None) -> ExistingUserForm:
    initial = {field: getattr(person, field) for field in _FIELDS}
    initial["teams"] = list(person.teams.values_list("pk", flat=True))
    return ExistingUserForm(sent, initial=initial, teams=_teams())


@access("workspace.users")
def user(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a person's name, role, teams and access."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    person = selectors.user_by_uid(uid)
    form = _person_form(person, request.POST or None)

    def write() -> User:
        values = {name: form.cleaned_data[name] for name in _FIELDS}
        changed = change_user(actor=reader.actor, user=person, **values)
        return _joined(request, changed, form)

    if request.method == "POST":
        if submit(form, write):
            messages.success(request, _("%(name)s is saved.") % {"name": person.name})
            return redirect("settings-users")
        person.refresh_from_db()
    context = {"form": form, "person": person, "password_form": PasswordForm()}
    return render_section(request, "users", "user", context)


@access("workspace.users")
@require_POST
def user_password(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a person a new password; his open sessions end."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    person = selectors.user_by_uid(uid)
    form = PasswordForm(request.POST)

    def write() -> bool:
        set_password(actor=reader.actor, user=person, password=form.cleaned_data["password"])
        return True

    if submit(form, write):
        messages.success(request, _("%(name)s has a new password.") % {"name": person.name})
        return redirect("settings-user", uid=uid)
    context = {"form": _person_form(person), "person": person, "password_form": form}
    return render_section(request, "users", "user", context)
