"""The one registry of permissions. What is not granted here is refused.

A room grants its own permissions in its ``policies`` module with :func:`grant`; pages name one
with ``@access("…")``. Conditions on the record are predicates over (actor, record).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from banso.kit.errors import ForbiddenError
from banso.workspace.types import Actor, Role

Condition = Callable[[Actor, Any], bool]
EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.ADMIN, Role.LEADER, Role.CSM, Role.SALES})
LEADERS = frozenset({Role.ADMIN, Role.LEADER})
ADMINS = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may do one thing.

    ``roles`` may always; ``roles_on_own`` only where ``owns(actor, record)`` holds.
    """

    name: str
    roles: frozenset[Role]
    roles_on_own: frozenset[Role] = frozenset()
    owns: Condition | None = None

    def allows(self, actor: Actor, record: Any = None) -> bool:
        """Whether the actor may do it, to the record where there is one."""
        if actor.role in self.roles:
            return True
        if actor.role not in self.roles_on_own or self.owns is None:
            return False
        return record is None or self.owns(actor, record)


_registry: dict[str, Permission] = {}


def grant(
    name: str,
    roles: frozenset[Role],
    *,
    roles_on_own: frozenset[Role] = frozenset(),
    owns: Condition | None = None,
) -> Permission:
    """Register a permission; a name can be granted once."""
    if name in _registry:
        raise ValueError(f"Permission {name} is granted twice.")
    _registry[name] = Permission(name, roles, roles_on_own, owns)
    return _registry[name]


def permission(name: str) -> Permission:
    """The registered permission of that name; an unknown name is a programming error."""
    return _registry[name]


def all_permissions() -> dict[str, Permission]:
    """Name to permission, for the page that shows who may do what."""
    return dict(_registry)


def may(actor: Actor, name: str, record: Any = None) -> bool:
    """Whether the actor may do it; false for everything that nobody granted."""
    found = _registry.get(name)
    return found is not None and found.allows(actor, record)


def require(actor: Actor, name: str, record: Any = None) -> None:
    """Raise unless the actor may do it.

    Raises:
        ForbiddenError: the actor's role does not allow it.
    """
    if not may(actor, name, record):
        raise ForbiddenError(
            _("Your role does not allow this."),
            remedy=_("Ask a leader or an administrator."),
        )


grant("workspace.view", EVERYBODY)
grant("workspace.settings", ADMINS)
grant("workspace.pin_day", LEADERS)
grant("workspace.users", ADMINS)
grant("workspace.teams", LEADERS)
grant("workspace.audit", LEADERS)
grant("workspace.jobs", EVERYBODY)
grant("workspace.own_profile", EVERYBODY)
grant(
    "workspace.cancel_job",
    LEADERS,
    roles_on_own=STAFF,
    owns=lambda actor, job: actor.user_id is not None and actor.user_id == job.started_by_id,
)
