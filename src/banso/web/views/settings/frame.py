"""The frame of all settings pages: which sections there are, and who may open them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from banso.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the settings: its name, what it is for, and the permission it needs."""

    key: str
    label: Any
    about: Any
    icon: str
    url_name: str
    permission: str


GROUPS: tuple[tuple[Any, tuple[Section, ...]], ...] = (
    (
        _("You"),
        (
            Section(
                "profile",
                _("Profile"),
                _("Your name, language, time zone, colours and password."),
                "user-round",
                "settings-profile",
                "workspace.own_profile",
            ),
        ),
    ),
    (
        _("Company"),
        (
            Section(
                "company",
                _("Company settings"),
                _("Name, language, currency, time zone, fiscal year and the day looked at."),
                "building-2",
                "settings-company",
                "workspace.settings",
            ),
            Section(
                "users",
                _("Users"),
                _("Who signs in here, with which role."),
                "users-round",
                "settings-users",
                "workspace.users",
            ),
            Section(
                "teams",
                _("Teams"),
                _("Groups of people who look after customers together."),
                "network",
                "settings-teams",
                "workspace.teams",
            ),
            Section(
                "roles",
                _("Roles"),
                _("What each role may see and do."),
                "key-round",
                "settings-roles",
                "workspace.view",
            ),
        ),
    ),
    (
        _("Data"),
        (
            Section(
                "imports",
                _("Imports"),
                _("Bring in files, see what was wrong with them, and undo."),
                "file-up",
                "imports",
                "imports.view",
            ),
            Section(
                "sources",
                _("Data sources"),
                _("Where the data comes from, and how fresh it is."),
                "database",
                "settings-sources",
                "imports.view",
            ),
            Section(
                "features",
                _("Product features"),
                _("Which features are core, and which event is a sign-in."),
                "puzzle",
                "settings-features",
                "usage.features",
            ),
            Section(
                "demo",
                _("Demo data"),
                _("Remove the demo company once you work with your own data."),
                "flask-conical",
                "settings-demo",
                "accounts.delete",
            ),
        ),
    ),
    (
        _("Health"),
        (
            Section(
                "metrics",
                _("Metrics"),
                _("What is measured per account, and how."),
                "ruler",
                "settings-metrics",
                "health.design",
            ),
            Section(
                "scorecards",
                _("Scorecards"),
                _("How metrics become a health score, for which accounts."),
                "gauge",
                "settings-scorecards",
                "health.design",
            ),
            Section(
                "signals",
                _("Signals"),
                _("Signs of churn and of expansion that call for a person."),
                "bell-ring",
                "settings-signals",
                "health.design",
            ),
        ),
    ),
    (
        _("Operation"),
        (
            Section(
                "jobs",
                _("Background work"),
                _("What runs in the background, how far it is, and what failed."),
                "loader",
                "settings-jobs",
                "workspace.jobs",
            ),
            Section(
                "audit",
                _("Audit log"),
                _("Who changed what and when, in a chain that shows tampering."),
                "scroll-text",
                "settings-audit",
                "workspace.audit",
            ),
        ),
    ),
)


def groups_for(reader: Reader, current: str) -> list[dict[str, Any]]:
    """The sections the reader may open, in groups, the present one marked."""
    groups = []
    for label, sections in GROUPS:
        entries = [
            {
                "label": section.label,
                "about": section.about,
                "icon": section.icon,
                "url": reverse(section.url_name),
                "current": section.key == current,
            }
            for section in sections
            if reader.may(section.permission)
        ]
        if entries:
            groups.append({"label": label, "sections": entries})
    return groups


def render_section(
    request: HttpRequest,
    section: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render one settings page inside the frame; templates of other folders are named in full."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    shared = {"settings_groups": groups_for(reader, section), "section": section}
    name = template if "/" in template else f"settings/{template}"
    return render(request, f"{name}.html", {**shared, **context}, status=status)
