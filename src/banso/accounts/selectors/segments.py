"""Saved filters over accounts."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from banso.accounts.models import Segment
from banso.kit.errors import NotFoundError
from banso.workspace.types import Actor


def segments(actor: Actor) -> QuerySet[Segment]:
    """The actor's own segments and those that others share."""
    return Segment.objects.select_related("owner").filter(
        Q(owner_id=actor.user_id) | Q(shared=True)
    )


def segment_by_uid(actor: Actor, uid: UUID) -> Segment:
    """One segment.

    Raises:
        NotFoundError: there is none that the actor may see.
    """
    found = segments(actor).filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This segment does not exist."))
    return found
