"""Every page names the permission that opens it; a page without one is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from banso.workspace.policies import permission

View = TypeVar("View", bound=Callable[..., Any])
#: The name by which a page says that it needs no sign-in.
PUBLIC = "public"


def access(name: str) -> Callable[[View], View]:
    """Say which permission opens the page; ``PUBLIC`` for pages before sign-in."""
    if name != PUBLIC:
        permission(name)

    def mark(view: View) -> View:
        view.banso_permission = name  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> str | None:
    """The permission a page names, looking through class-based views."""
    owner = getattr(view, "view_class", view)
    return getattr(owner, "banso_permission", getattr(view, "banso_permission", None))
