"""Keeping a filter under a name, sharing it, throwing it away; and choosing columns."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import selectors
from banso.accounts.services.segments import delete_segment, save_segment
from banso.health.selectors.portfolio import view
from banso.web.access import access
from banso.web.reader import reader
from banso.web.redirects import back
from banso.web.views.accounts.filters import COLUMNS_KEPT_AS, filters_of


@access("accounts.segment")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the present filter, columns and order as a segment, new or existing."""
    who = reader(request)
    filters = filters_of(request, who, request.POST)
    # Reading it checks it, so that no segment can be kept that the list cannot show.
    view(who.actor, filters.query, sort=filters.sort, columns=filters.columns)
    existing = filters.segment if "update" in request.POST else None
    segment = save_segment(
        actor=who.actor,
        name=request.POST.get("name") or (existing.name if existing else ""),
        query=filters.query,
        columns=list(filters.columns),
        sort=filters.sort,
        shared=existing.shared if existing else "shared" in request.POST,
        segment=existing,
    )
    messages.success(request, _("The segment “%(name)s” is saved.") % {"name": segment.name})
    return redirect(f"{reverse('accounts')}?seg={segment.uid}")


@access("accounts.segment")
@require_POST
def delete(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Throw a segment away; its accounts stay."""
    who = reader(request)
    segment = selectors.segment_by_uid(who.actor, uid)
    delete_segment(actor=who.actor, segment=segment)
    messages.success(request, _("The segment “%(name)s” is deleted.") % {"name": segment.name})
    return redirect("accounts")


@access("accounts.view")
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Remember the columns that this reader wants to see; none ticked means the usual ones."""
    chosen = [key for key in request.POST.getlist("columns") if key]
    if chosen and "reset" not in request.POST:
        request.session[COLUMNS_KEPT_AS] = ["name", *chosen]
    else:
        request.session.pop(COLUMNS_KEPT_AS, None)
    return back(request, reverse("accounts"))
