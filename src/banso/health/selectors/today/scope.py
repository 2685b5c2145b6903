"""Whose accounts a list is about."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q, QuerySet

from banso.health.models import Pulse
from banso.health.selectors.portfolio.view import visible_pulses
from banso.workspace.selectors import teammates
from banso.workspace.types import Actor, Role


class Scope(StrEnum):
    """Mine: what I own on either side; team: what my teams own; all: everything I may see."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


#: People who own accounts start with their own; the others look at everything.
OWNING = frozenset({Role.CSM, Role.SALES})


def default_scope(actor: Actor) -> Scope:
    """What a person of this role looks at unless he chooses otherwise."""
    return Scope.MINE if actor.role in OWNING else Scope.ALL


def pulses_in(actor: Actor, scope: Scope) -> QuerySet[Pulse]:
    """The pulses of customers in scope that the actor may see."""
    found = visible_pulses(actor).filter(is_customer=True)
    owners = _owners(actor, scope)
    if owners is None:
        return found
    return found.filter(Q(account__cs_owner_id__in=owners) | Q(account__sales_owner_id__in=owners))


def _owners(actor: Actor, scope: Scope) -> list[int] | None:
    mine = [actor.user_id] if actor.user_id is not None else []
    if scope is Scope.ALL:
        return None
    return mine if scope is Scope.MINE else [*mine, *teammates(actor)]
