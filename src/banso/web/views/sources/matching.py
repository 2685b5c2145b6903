"""Saying whose the messages of unknown senders are."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts.selectors import account_by_uid, search
from banso.kit.errors import InvalidInputError, NotFoundError
from banso.usage.selectors.sources import source_by_uid
from banso.usage.selectors.unmatched import party_by_uid, rule_by_uid
from banso.usage.services.matching import ignore_party, match_domain, match_party, remove_rule
from banso.web.access import access
from banso.web.reader import Reader, reader
from banso.web.views.settings.frame import render_section
from banso.web.views.sources.unmatched import render_party


def chosen_account(request: HttpRequest, who: Reader) -> Any:
    """The account that was picked, or whose whole name was typed.

    Raises:
        InvalidInputError: nothing was chosen, or what was typed names no account or several.
    """
    with suppress(ValueError):
        return account_by_uid(who.actor, UUID(request.POST.get("account_uid", "")))
    typed = request.POST.get("account", "").strip()
    found = [one for one in search(who.actor, typed) if one.name == typed] if typed else []
    if len(found) != 1:
        raise InvalidInputError(_("Choose an account from the list."))
    return found[0]


@access("usage.match")
@require_POST
def match(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Match a sender to an account."""
    who, party = reader(request), party_by_uid(uid)
    try:
        account = chosen_account(request, who)
    except (InvalidInputError, NotFoundError) as error:
        return render_party(request, party, error=str(error), status=400)
    match_party(actor=who.actor, party=party, account=account)
    _tell(request, party.name or party.key, account)
    return redirect("settings-unmatched")


@access("usage.match")
@require_POST
def ignore(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ignore a sender, or stop to."""
    ignored = request.POST.get("ignore") != "no"
    party = party_by_uid(uid)
    ignore_party(actor=reader(request).actor, party=party, ignored=ignored)
    told = _("“%(name)s” is ignored.") if ignored else _("“%(name)s” waits to be matched again.")
    messages.success(request, told % {"name": party.name or party.key})
    return redirect("settings-unmatched")


@access("usage.match")
def domain(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Match all users of a mail domain at once."""
    who, source = reader(request), source_by_uid(uid)
    name = request.GET.get("domain", "")
    context: dict[str, Any] = {"domain": name, "source": source, "error": ""}
    if request.method == "POST":
        try:
            account = chosen_account(request, who)
            match_domain(actor=who.actor, source=source, domain=name, account=account)
        except (InvalidInputError, NotFoundError) as error:
            context |= {"error": str(error), "typed": request.POST.get("account", "")}
        else:
            _tell(request, name, account)
            return redirect("settings-unmatched")
    status = 400 if context["error"] else 200
    return render_section(request, "sources", "sources/domain", context, status=status)


@access("usage.match")
@require_POST
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a match back for what is to come."""
    remove_rule(actor=reader(request).actor, rule=rule_by_uid(uid))
    messages.success(request, _("The match is taken back."))
    return redirect("settings-unmatched")


def _tell(request: HttpRequest, name: str, account: Any) -> None:
    told = _("“%(name)s” belongs to %(account)s. What waited is being counted.")
    messages.success(request, told % {"name": name, "account": account.name})
