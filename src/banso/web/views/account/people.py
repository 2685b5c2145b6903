"""The people at an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import selectors
from banso.accounts.services.contacts import change_contact, create_contact, remove_contact
from banso.kit.errors import NotFoundError
from banso.usage.selectors.profile import profile_of
from banso.web.access import access
from banso.web.forms import submit
from banso.web.views.account.forms import ContactForm
from banso.web.views.account.frame import account_for, reader_of, render_tab
from banso.web.words import contact_role_word, literacy_word
from banso.workspace.policies import require

FIELDS = ("name", "name_kana", "role", "department", "title", "email", "phone", "literacy",
          "language", "left_on")  # fmt: skip
_CONSENT = {True: "yes", False: "no", None: ""}


def person_row(person: Any, last_seen: dict[str, Any]) -> dict[str, Any]:
    """One person as lists show it, with the last day on which usage saw him."""
    return {
        "person": person,
        "role": contact_role_word(person.role),
        "literacy": literacy_word(person.literacy),
        "last_seen": last_seen.get(person.user_key) or last_seen.get(person.email),
    }


def last_seen_of(account: Any) -> dict[str, Any]:
    """User key to the last day of use, for the account's most active users."""
    profile = profile_of(account)
    return {user.user_key: user.last_day for user in profile.user_weeks} if profile else {}


@access("accounts.view")
def people(request: HttpRequest, uid: UUID) -> HttpResponse:
    """People by role; those who have left stand last."""
    account = account_for(request, uid)
    seen = last_seen_of(account)
    rows = [person_row(person, seen) for person in selectors.contacts(account)]
    here = [row for row in rows if row["person"].left_on is None]
    left = [row for row in rows if row["person"].left_on is not None]
    return render_tab(request, account, "people", {"here": here, "left": left})


@access("accounts.edit")
def new_contact(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a person."""
    actor, account = reader_of(request).actor, account_for(request, uid)
    require(actor, "accounts.edit", account)
    form = ContactForm(request.POST or None, initial={"language": account.language})
    if request.method == "POST":
        person = submit(
            form, lambda: create_contact(actor=actor, account=account, **form.cleaned_data)
        )
        if person:
            messages.success(request, _("%(name)s is added.") % {"name": person.name})
            return redirect("account-people", uid)
    context = {"form": form, "heading": _("Add a contact")}
    status = 400 if form.errors else 200
    return render_tab(request, account, "people", context, template="contact", status=status)


def contact_of(request: HttpRequest, uid: UUID, contact: UUID) -> Any:
    """The person of the page; 404 where he is at another account."""
    found = selectors.contact_by_uid(reader_of(request).actor, contact)
    if found.account.uid != uid:
        raise NotFoundError(_("This contact does not exist."))
    return found


@access("accounts.edit")
def edit_contact(request: HttpRequest, uid: UUID, contact: UUID) -> HttpResponse:
    """Change a person."""
    actor, found = reader_of(request).actor, contact_of(request, uid, contact)
    require(actor, "accounts.edit", found.account)
    initial = {field: getattr(found, field) for field in FIELDS}
    initial["consent"] = _CONSENT[found.consent]
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if submit(form, lambda: change_contact(actor=actor, contact=found, **form.cleaned_data)):
            messages.success(request, _("%(name)s is saved.") % {"name": found.name})
            return redirect("account-people", uid)
        found = contact_of(request, uid, contact)
    context = {"form": form, "person": found, "heading": found.name}
    account = account_for(request, uid)
    status = 400 if form.errors else 200
    return render_tab(request, account, "people", context, template="contact", status=status)


@access("accounts.edit")
@require_POST
def left(request: HttpRequest, uid: UUID, contact: UUID) -> HttpResponse:
    """Note that a person has left, or that he is there after all."""
    actor, found = reader_of(request).actor, contact_of(request, uid, contact)
    if found.left_on is None:
        remove_contact(actor=actor, contact=found)
        messages.success(request, _("%(name)s has left.") % {"name": found.name})
    else:
        change_contact(actor=actor, contact=found, left_on=None)
        messages.success(request, _("%(name)s is back.") % {"name": found.name})
    return redirect("account-people", uid)
