"""Erasing an account or a person for good, after a page that says what goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.usage.services.erasing import request_account_erasure, request_contact_erasure
from banso.web.access import access
from banso.web.views.account.frame import account_for, reader_of, render_tab
from banso.web.views.account.people import contact_of


@access("usage.erase")
def account(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Erase an account with its usage."""
    found = account_for(request, uid)
    if _is_sure(request):
        request_account_erasure(actor=reader_of(request).actor, account=found)
        messages.success(request, _("%(name)s is being erased.") % {"name": found.name})
        return redirect("accounts")
    return _ask(request, found, reverse("account", args=[uid]))


@access("usage.erase")
def person(request: HttpRequest, uid: UUID, contact: UUID) -> HttpResponse:
    """Erase a person with his use of the product."""
    found = contact_of(request, uid, contact)
    back = reverse("account-people", args=[uid])
    if _is_sure(request):
        request_contact_erasure(actor=reader_of(request).actor, contact=found)
        messages.success(request, _("%(name)s is being erased.") % {"name": found.name})
        return redirect(back)
    return _ask(request, account_for(request, uid), back, found)


def _is_sure(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("sure") == "yes"


def _ask(request: HttpRequest, found: Any, back: str, contact: Any = None) -> HttpResponse:
    context = {"person": contact, "cancel": back, "form": None}
    status = 400 if request.method == "POST" else 200
    return render_tab(request, found, "", context, template="erase", status=status)
