"""Erasing a person of whom only a source of events knows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from banso.kit.errors import NotFoundError
from banso.usage.selectors.unmatched import party_by_uid
from banso.usage.services.erasing import request_party_erasure
from banso.web.access import access
from banso.web.reader import reader
from banso.web.views.settings.frame import render_section
from banso.web.views.sources.unmatched import party_row


@access("usage.erase")
def party(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Erase a user or visitor who waits to be matched, after a page that says what goes."""
    found = party_by_uid(uid)
    context = party_row(found, None)
    if not context["is_person"]:
        raise NotFoundError(_("A company is erased on its own page."))
    if request.method == "POST" and request.POST.get("sure") == "yes":
        request_party_erasure(actor=reader(request).actor, party=found)
        told = _("%(name)s is being erased.")
        messages.success(request, told % {"name": found.name or found.key})
        return redirect("settings-unmatched")
    status = 400 if request.method == "POST" else 200
    return render_section(request, "sources", "sources/erase", context, status=status)
