"""Search from anywhere: accounts, people, pages and actions."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.accounts import selectors
from banso.kit.text import search_key
from banso.web.access import access
from banso.web.navigation import places_for
from banso.web.reader import Reader, reader
from banso.web.words import contact_role_word, lifecycle_word

PALETTE_LIMIT, PAGE_LIMIT = 6, 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results."""

    url: str
    icon: str
    title: str
    sub: str = ""


@access("accounts.view")
def search(request: HttpRequest) -> HttpResponse:
    """Results as a page or, with ``palette=1``, as the inside of the palette."""
    q = request.GET.get("q", "").strip()[:200]
    palette = "palette" in request.GET
    groups = find(reader(request), q, PALETTE_LIMIT if palette else PAGE_LIMIT)
    template = "search/results.html" if palette else "search/search.html"
    return render(request, template, {"q": q, "groups": groups})


def find(who: Reader, q: str, limit: int) -> list[tuple[str, list[Hit]]]:
    """Hits by group, accounts first; without words the pages that the reader may open."""
    words = search_key(q).split()
    groups = [(_("Pages and actions"), _pages(who, words, limit))]
    if words:
        groups = [
            (_("Accounts"), _accounts(who, q, limit)),
            (_("People at customers"), _people(who, q, limit)),
            *groups,
        ]
    return [(name, hits) for name, hits in groups if hits]


def _accounts(who: Reader, q: str, limit: int) -> list[Hit]:
    return [
        Hit(
            reverse("account", args=[account.uid]),
            "building-2",
            account.name,
            " · ".join(filter(None, [lifecycle_word(account.lifecycle), account.segment])),
        )
        for account in selectors.search(who.actor, q, limit)
    ]


def _people(who: Reader, q: str, limit: int) -> list[Hit]:
    return [
        Hit(
            reverse("account-people", args=[contact.account.uid]) + f"#{contact.uid}",
            "user",
            contact.name,
            " · ".join(filter(None, [contact_role_word(contact.role), contact.account.name])),
        )
        for contact in selectors.search_contacts(who.actor, q, limit)
    ]


def _pages(who: Reader, words: list[str], limit: int) -> list[Hit]:
    return [
        Hit(url, entry.icon, str(entry.label))
        for entry, url in places_for(who, words)[: max(limit, 12)]
    ]
