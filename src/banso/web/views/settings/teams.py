"""Teams and the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.views.settings.forms.people import TeamForm
from banso.web.views.settings.frame import render_section
from banso.workspace import selectors
from banso.workspace.services.people import delete_team, save_team

if TYPE_CHECKING:
    from banso.workspace.models import Team


@access("workspace.teams")
def teams(request: HttpRequest) -> HttpResponse:
    """All teams with their members."""
    return render_section(request, "teams", "teams", {"teams": selectors.teams()})


def _edit(request: HttpRequest, team: Team | None) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    people = list(selectors.users().values_list("pk", "name"))
    members = team.members.values_list("pk", flat=True) if team else []
    initial = {"name": team.name if team else "", "members": list(members)}
    form = TeamForm(request.POST or None, initial=initial, people=people)
    if request.method == "POST":
        saved = submit(
            form,
            lambda: save_team(
                actor=reader.actor,
                name=form.cleaned_data["name"],
                member_ids=form.cleaned_data["members"],
                team=team,
            ),
        )
        if saved:
            messages.success(request, _("The team “%(name)s” is saved.") % {"name": saved.name})
            return redirect("settings-teams")
    return render_section(request, "teams", "team", {"form": form, "team": team})


@access("workspace.teams")
def new_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    return _edit(request, None)


@access("workspace.teams")
def team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a team's name and members."""
    return _edit(request, selectors.team_by_uid(uid))


@access("workspace.teams")
@require_POST
def remove_team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Delete a team; its members stay."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = selectors.team_by_uid(uid)
    name = found.name
    delete_team(actor=reader.actor, team=found)
    messages.success(request, _("The team “%(name)s” is deleted.") % {"name": name})
    return redirect("settings-teams")
