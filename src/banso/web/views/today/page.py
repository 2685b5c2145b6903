"""The page that a person starts the day with."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from banso.health.selectors.today import Scope, default_scope, summary
from banso.health.selectors.today import today as read_today
from banso.health.services.requests import is_measuring
from banso.web.access import access
from banso.web.reader import Reader, reader
from banso.web.views.today.agenda import Agenda
from banso.web.views.today.figures import Figures
from banso.workspace.types import Role

FIRST, MOST = 30, 200
#: Those who own accounts come for their list; the others first for the whole picture.
OWNING = frozenset({Role.CSM, Role.SALES})


@access("health.view")
def today(request: HttpRequest) -> HttpResponse:
    """What to do today, in order; above it how the accounts in scope stand."""
    who = reader(request)
    scope = _scope(request, who)
    limit = MOST if "more" in request.GET else FIRST
    week = "week" in request.GET
    found = read_today(who.actor, who.today, scope=scope, limit=limit, whole_week=week)
    agenda = Agenda(who, request.get_full_path())
    context = {
        "scope": scope,
        "scopes": _scopes(scope),
        "found": found,
        "agenda": agenda,
        "entries": [agenda.entry(item) for item in found.items],
        "more": found.total > len(found.items) and limit < MOST,
        "figures": Figures(who, summary(who.actor, who.today, scope=scope), scope),
        "tasks": found.tasks,
        "measuring": is_measuring,
        "leads": who.actor.role not in OWNING,
        "may_import": who.may("imports.run"),
    }
    return render(request, "today/today.html", context)


def _scope(request: HttpRequest, who: Reader) -> Scope:
    try:
        return Scope(request.GET.get("scope", ""))
    except ValueError:
        return default_scope(who.actor)


def _scopes(chosen: Scope) -> list[dict[str, Any]]:
    words = {Scope.MINE: _("Mine"), Scope.TEAM: _("My teams"), Scope.ALL: _("All")}
    return [{"key": key, "word": word, "chosen": key is chosen} for key, word in words.items()]
