"""Connecting a source, changing it, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.kit.errors import InvalidInputError
from banso.kit.numbers import small_int
from banso.usage.selectors.sources import key_of, source_by_uid
from banso.usage.services.sources import change_source, create_source, retire_key, rotate_key
from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import reader
from banso.web.views.settings.frame import render_section
from banso.web.views.sources.forms import SourceForm

if TYPE_CHECKING:
    from banso.usage.models import EventSource

FIELDS = ("name", "creates_accounts", "matches_domains")


def _render(request: HttpRequest, form: SourceForm, found: EventSource | None) -> HttpResponse:
    return render_section(request, "sources", "sources/change", {"form": form, "source": found})


@access("usage.sources")
def new(request: HttpRequest) -> HttpResponse:
    """Connect a source."""
    form = SourceForm(request.POST or None)
    if request.method == "POST":
        asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
        made = submit(form, lambda: create_source(actor=reader(request).actor, **asked))
        if made:
            return redirect("settings-source", made.uid)
    return _render(request, form, None)


@access("usage.sources")
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a source's name and what its events may do."""
    found = source_by_uid(uid)
    initial = {field: getattr(found, field) for field in FIELDS}
    form = SourceForm(request.POST or None, initial=initial)
    if request.method == "POST":
        asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
        actor = reader(request).actor
        if submit(form, lambda: change_source(actor=actor, source=found, **asked)):
            messages.success(request, _("The source is saved."))
            return redirect("settings-source", uid)
    return _render(request, form, found)


@access("usage.sources")
@require_POST
def switch(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Switch a source on or off."""
    on, actor = request.POST.get("on") == "yes", reader(request).actor
    change_source(actor=actor, source=source_by_uid(uid), is_enabled=on)
    told = _("The source takes events again.") if on else _("The source takes no more events.")
    messages.success(request, told)
    return redirect("settings-source", uid)


@access("usage.sources")
@require_POST
def rotate(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make a new key; the present one holds for a week."""
    rotate_key(actor=reader(request).actor, source=source_by_uid(uid))
    messages.success(request, _("There is a new key. The one before it holds for 7 more days."))
    return redirect("settings-source", uid)


@access("usage.sources")
@require_POST
def retire(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Refuse a key from now on."""
    number, found = small_int(request.POST.get("key", "")), source_by_uid(uid)
    if number is None:
        raise InvalidInputError(_("Name the key."))
    key = key_of(found, number)
    retire_key(actor=reader(request).actor, key=key)
    messages.success(request, _("The key is refused from now on."))
    return redirect("settings-source", uid)
