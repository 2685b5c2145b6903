"""Handing many accounts over at once: said beforehand, and undone afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banso.accounts import selectors
from banso.accounts.selectors.handovers import owned_otherwise
from banso.accounts.services.owners import assign_owner, undo_assignment
from banso.accounts.types import Side
from banso.health.selectors.portfolio import matching_ids
from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.kit.numbers import small_int
from banso.web.access import access
from banso.web.formats import number
from banso.web.reader import Reader, reader
from banso.web.redirects import back, safe_next
from banso.web.views.accounts.filters import filters_of
from banso.workspace.selectors import user_by_uid

UNDO_KEPT_AS = "account_assignment"
#: How long the list offers to take the last hand-over back; the audit log does for 30 days.
UNDO_OFFERED = timedelta(minutes=30)


@access("accounts.assign")
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Say what would happen to how many accounts; with ``confirm``, do it."""
    who = reader(request)
    chosen = _chosen(request, who)
    side = _side(request.POST.get("side", ""))
    owner = _owner(request.POST.get("to", ""))
    ids = owned_otherwise(who.actor, chosen, side, owner)
    if ids and "confirm" not in request.POST:
        context = {
            "count": len(ids),
            "already": len(chosen) - len(ids),
            "names": _some_names(who, ids),
            "side": side,
            "owner": owner,
            "carried": _carried(request),
            "next": safe_next(request, "/accounts/"),
        }
        return render(request, "accounts/assign.html", context)
    done = assign_owner(actor=who.actor, account_ids=ids, side=side, owner=owner)
    _report(request, done)
    return back(request, "/accounts/")


@access("accounts.assign")
@require_POST
def undo(request: HttpRequest, token: UUID) -> HttpResponse:
    """Give the accounts of a hand-over back."""
    done = undo_assignment(actor=reader(request).actor, token=token)
    request.session.pop(UNDO_KEPT_AS, None)
    text = ngettext(
        "%(n)s account was given back.", "%(n)s accounts were given back.", done.restored
    )
    messages.success(request, text % {"n": number(done.restored)})
    if done.skipped:
        text = ngettext(
            "%(n)s account has changed hands since and was left as it is.",
            "%(n)s accounts have changed hands since and were left as they are.",
            done.skipped,
        )
        messages.warning(request, text % {"n": number(done.skipped)})
    return back(request, "/accounts/")


def offered_undo(request: HttpRequest) -> dict[str, Any] | None:
    """The last hand-over of this session while it is fresh: its token and what it did."""
    kept = request.session.get(UNDO_KEPT_AS)
    if not kept or clock.now() - datetime.fromisoformat(kept["at"]) > UNDO_OFFERED:
        return None
    return dict(kept)


def _chosen(request: HttpRequest, who: Reader) -> list[int]:
    if request.POST.get("everything"):
        return matching_ids(who.actor, filters_of(request, who, request.POST).query)
    found = (small_int(text, most=2**63 - 1) for text in request.POST.getlist("account"))
    ids = [key for key in found if key is not None]
    if not ids:
        raise InvalidInputError(_("No account was chosen."), remedy=_("Tick the accounts first."))
    return ids


def _side(text: str) -> Side:
    try:
        return Side(text)
    except ValueError:
        raise InvalidInputError(_("Choose the CS or the sales side.")) from None


def _owner(text: str) -> Any:
    if text == "none":
        return None
    try:
        return user_by_uid(UUID(text))
    except ValueError:
        raise InvalidInputError(_("Choose who is to own the accounts.")) from None


def _some_names(who: Reader, ids: list[int]) -> list[str]:
    found = selectors.accounts_by_ids(who.actor, ids[:5])
    return [found[pk].name for pk in ids[:5] if pk in found]


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", "confirm"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]


def _report(request: HttpRequest, done: Any) -> None:
    if done.token is None:
        messages.info(request, _("All of them had this owner already."))
        return
    text = ngettext(
        "%(n)s account has a new owner.", "%(n)s accounts have a new owner.", done.changed
    )
    request.session[UNDO_KEPT_AS] = {
        "token": str(done.token),
        "at": clock.now().isoformat(),
        "text": text % {"n": number(done.changed)},
    }
