"""What each role may do, read from the registry that the product obeys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from banso.web.access import access
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.words import PERMISSIONS, ROLES, ROLES_ABOUT
from banso.workspace.policies import Permission, all_permissions
from banso.workspace.types import Role


def _cell(permission: Permission, role: Role) -> str:
    if role in permission.roles:
        return "yes"
    return "own" if role in permission.roles_on_own else "no"


def _rows(names: dict[str, Any], granted: dict[str, Permission]) -> list[dict[str, Any]]:
    return [
        {"label": label, "cells": [(ROLES[role], _cell(granted[name], role)) for role in Role]}
        for name, label in names.items()
        if name in granted
    ]


def matrix() -> list[dict[str, Any]]:
    """Areas of permissions, each with a row of (role, yes or own or no) per permission.

    A permission that nobody has worded yet is listed under its own name, so that the page never
    hides one.
    """
    granted = all_permissions()
    areas = [{"label": label, "rows": _rows(names, granted)} for label, names in PERMISSIONS]
    worded = {name for _label, names in PERMISSIONS for name in names}
    rest = {name: name for name in sorted(granted.keys() - worded)}
    if rest:
        areas.append({"label": _("More"), "rows": _rows(rest, granted)})
    return [area for area in areas if area["rows"]]


@access("workspace.view")
def roles(request: HttpRequest) -> HttpResponse:
    """The matrix of roles and permissions."""
    heads = [{"label": ROLES[role], "about": ROLES_ABOUT[role]} for role in Role]
    return render_section(request, "roles", "roles", {"heads": heads, "areas": matrix()})
