"""The left rail: at most nine entries, and only what the reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
)


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
