"""The left rail: at most nine entries, and only what the reader may open."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from banso.kit.text import search_key
from banso.web.reader import Reader


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the rail."""

    label: Any
    icon: str
    url_name: str
    permission: str
    prefix: str


ENTRIES = (
    Entry(_("Today"), "sun", "today", "health.view", "/today/"),
    Entry(_("Accounts"), "building-2", "accounts", "accounts.view", "/accounts/"),
    Entry(_("Tasks"), "list-checks", "tasks", "accounts.view", "/tasks/"),
    Entry("NPS", "message-square-quote", "nps", "health.view", "/voice/nps/"),
)
#: Further pages and actions that the search finds; a page that does not exist is left out.
PLACES = (
    Entry(_("New account"), "building-2", "account-new", "accounts.create", ""),
    Entry(_("New task"), "list-plus", "task-new", "tasks.create", ""),
    Entry(_("Import files"), "file-up", "imports", "imports.view", ""),
    Entry(_("Data sources"), "database", "settings-sources", "imports.view", ""),
    Entry(_("Not matched yet"), "user-round-search", "settings-unmatched", "usage.match", ""),
    Entry(_("Refused messages"), "shield-alert", "settings-refused", "usage.match", ""),
    Entry(_("Connect events"), "radio", "settings-source-new", "usage.sources", ""),
    Entry(_("Settings"), "settings", "settings", "workspace.own_profile", ""),
    Entry(_("Your profile"), "user", "settings-profile", "workspace.own_profile", ""),
    Entry(_("Company settings"), "building", "settings-company", "workspace.settings", ""),
    Entry(_("Users"), "users", "settings-users", "workspace.users", ""),
    Entry(_("Teams"), "users-round", "settings-teams", "workspace.teams", ""),
    Entry(_("Who may do what"), "shield-check", "settings-roles", "workspace.own_profile", ""),
    Entry(_("Product features"), "blocks", "settings-features", "health.design", ""),
    Entry(_("Metrics"), "ruler", "settings-metrics", "health.design", ""),
    Entry(_("Scorecards"), "gauge", "settings-scorecards", "health.design", ""),
    Entry(_("Signal rules"), "bell-ring", "settings-signals", "health.design", ""),
    Entry(_("Background jobs"), "loader", "settings-jobs", "workspace.jobs", ""),
    Entry(_("Audit log"), "scroll-text", "settings-audit", "workspace.audit", ""),
)


def places_for(reader: Reader, words: list[str]) -> list[tuple[Entry, str]]:
    """Pages and actions the reader may open whose name holds every (folded) word, with address."""
    found = []
    for entry in (*ENTRIES, *PLACES):
        name = search_key(f"{entry.label} {entry.url_name}")
        if reader.may(entry.permission) and all(word in name for word in words):
            with suppress(NoReverseMatch):
                found.append((entry, reverse(entry.url_name)))
    return found


def entries_for(reader: Reader, path: str) -> list[dict[str, Any]]:
    """The entries the reader may open, the present one marked."""
    return [
        {
            "label": entry.label,
            "icon": entry.icon,
            "url": reverse(entry.url_name),
            "current": path.startswith(entry.prefix),
        }
        for entry in ENTRIES
        if reader.may(entry.permission)
    ]
