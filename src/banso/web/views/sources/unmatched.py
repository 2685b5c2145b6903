"""Senders of events that nobody knows yet, and what people have said about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from banso.usage.selectors.sources import sources
from banso.usage.selectors.unmatched import (
    Suggestion,
    count_held,
    count_parties,
    match_rules,
    parties,
    party_by_uid,
    shared_domains,
    suggestions,
)
from banso.web.access import access
from banso.web.reader import reader
from banso.web.views.settings.frame import render_section
from banso.web.views.sources.words import PARTIES

if TYPE_CHECKING:
    from banso.usage.models import UnmatchedParty

PER_PAGE = 50
KINDS = ("group", "user", "anonymous")


@access("usage.view_sources")
def unmatched(request: HttpRequest) -> HttpResponse:
    """Who sends without being known, with the account each may belong to."""
    who, kind = reader(request), request.GET.get("kind", "")
    chosen = kind if kind in KINDS else ""
    ignored = request.GET.get("ignored") == "yes"
    page = Paginator(parties(kind=chosen, ignored=ignored), PER_PAGE).get_page(
        request.GET.get("page")
    )
    suggested = suggestions(who.actor, page)
    context = {
        "page": page,
        "rows": [party_row(party, suggested.get(party.pk)) for party in page],
        "kind": chosen,
        "ignored": ignored,
        "kinds": [(key, PARTIES[key]) for key in KINDS],
        "total": count_parties(),
        "held": count_held(),
        "domains": _domains(),
        "rules": [{"rule": rule, "kind": PARTIES[rule.kind]} for rule in match_rules()],
        "may_match": who.may("usage.match"),
        "may_erase": who.may("usage.erase"),
    }
    return render_section(request, "sources", "sources/unmatched", context)


def party_row(party: UnmatchedParty, suggestion: Suggestion | None) -> dict[str, Any]:
    """One sender as pages show it."""
    return {
        "party": party,
        "kind": PARTIES[party.kind],
        "suggestion": suggestion,
        "is_person": party.kind != "group",
    }


def _domains() -> list[dict[str, Any]]:
    names = {source.pk: source for source in sources()}
    return [{"domain": one, "source": names.get(one.source_id)} for one in shared_domains()]


@access("usage.view_sources")
def party(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One sender: what it sends, and whose it is."""
    return render_party(request, party_by_uid(uid))


def render_party(
    request: HttpRequest, found: UnmatchedParty, *, error: str = "", status: int = 200
) -> HttpResponse:
    """The page of one sender; ``error`` says what was wrong with the account chosen."""
    who = reader(request)
    context = {
        **party_row(found, suggestions(who.actor, [found]).get(found.pk)),
        "sample": json.dumps(found.sample, ensure_ascii=False, indent=2),
        "may_match": who.may("usage.match"),
        "may_erase": who.may("usage.erase"),
        "error": error,
        "typed": request.POST.get("account", ""),
    }
    return render_section(request, "sources", "sources/party", context, status=status)
