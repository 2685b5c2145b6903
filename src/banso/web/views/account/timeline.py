"""The timeline of an account, and what people add to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts import selectors
from banso.accounts.selectors.timeline import Cursor
from banso.accounts.services.timeline import change_entry, delete_entry, log_touch
from banso.kit.errors import NotFoundError
from banso.kit.numbers import small_int
from banso.web.access import access
from banso.web.forms import submit
from banso.web.redirects import back
from banso.web.views.account.entries import entry_rows
from banso.web.views.account.forms import TouchForm
from banso.web.views.account.frame import account_for, reader_of, render_tab
from banso.web.views.account.words import KINDS
from banso.workspace.policies import require

PER_PAGE = 30


def _cursor(text: str) -> Cursor | None:
    moment, _separator, last_id = text.rpartition("_")
    key = small_int(last_id, most=2**63 - 1)
    try:
        parsed = parse_datetime(moment)
    except ValueError:
        return None
    return (parsed, key) if key is not None and parsed is not None and parsed.tzinfo else None


def _page(request: HttpRequest, account: Any) -> dict[str, Any]:
    asked = [kind for kind in request.GET.getlist("kind") if kind in KINDS]
    before = _cursor(request.GET.get("before", ""))
    entries, following = selectors.timeline(account, asked, before, PER_PAGE)
    more = ""
    if following:
        moment, last_id = following
        query = {"kind": asked, "before": f"{moment.isoformat()}_{last_id}"}
        more = f"?{urlencode(query, doseq=True)}"
    return {"rows": entry_rows(reader_of(request), entries), "more": more, "asked": asked}


def _filters(asked: list[str]) -> list[dict[str, Any]]:
    chips = [{"label": _("Everything"), "query": "", "current": not asked, "icon": ""}]
    for kind, (label, icon) in KINDS.items():
        chosen = kind in asked
        rest = [other for other in asked if other != kind] if chosen else [*asked, kind]
        query = urlencode({"kind": rest}, doseq=True)
        chips.append({"label": label, "query": query, "current": chosen, "icon": icon})
    return chips


@access("accounts.view")
def timeline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Everything that happened, newest first; further pages come as fragments."""
    account = account_for(request, uid)
    page = _page(request, account) | {"account": account}
    if request.headers.get("HX-Request") and "before" in request.GET:
        return render(request, "account/timeline_page.html", page)
    form = TouchForm(people=selectors.contacts(account, present_only=True))
    page |= {"filters": _filters(page["asked"]), "form": form}
    return render_tab(request, account, "timeline", page)


@access("accounts.note")
def log(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add a note, call, meeting or mail."""
    account = account_for(request, uid)
    people = selectors.contacts(account, present_only=True)
    initial = {"kind": request.GET.get("kind", "note")}
    form = TouchForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST":
        actor = reader_of(request).actor
        if submit(form, lambda: log_touch(actor=actor, account=account, **form.values())):
            messages.success(request, _("It stands on the timeline now."))
            return back(request, reverse("account-timeline", args=[uid]))
    context = {"form": form, "heading": _("Add to the timeline")}
    return render_tab(request, account, "timeline", context, template="entry", status=_status(form))


def _status(form: TouchForm) -> int:
    return 400 if form.errors else 200


def _entry_of(request: HttpRequest, uid: UUID, entry: UUID) -> Any:
    found = selectors.entry_by_uid(reader_of(request).actor, entry)
    if found.account.uid != uid:
        raise NotFoundError(_("This entry does not exist."))
    return found


@access("accounts.edit_entry")
def edit_entry(request: HttpRequest, uid: UUID, entry: UUID) -> HttpResponse:
    """Change an entry that a person wrote."""
    actor, found = reader_of(request).actor, _entry_of(request, uid, entry)
    require(actor, "accounts.edit_entry", found)
    form = TouchForm(
        request.POST or None,
        people=selectors.contacts(found.account),
        initial=TouchForm.initial_of(found),
    )
    if request.method == "POST":
        saved = submit(form, lambda: change_entry(actor=actor, entry=found, **form.values()))
        if saved:
            messages.success(request, _("The entry is saved."))
            return redirect("account-timeline", uid)
    context = {"form": form, "entry": found, "heading": _("Change the entry")}
    account = account_for(request, uid)
    return render_tab(request, account, "timeline", context, template="entry", status=_status(form))


@access("accounts.edit_entry")
@require_POST
def remove_entry(request: HttpRequest, uid: UUID, entry: UUID) -> HttpResponse:
    """Take an entry out."""
    delete_entry(actor=reader_of(request).actor, entry=_entry_of(request, uid, entry))
    messages.success(request, _("The entry is gone."))
    return redirect("account-timeline", uid)
