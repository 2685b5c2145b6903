"""Saved filters over accounts: keeping, sharing, throwing away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.models import Segment
from banso.accounts.services.fields import checked, text
from banso.kit import clock
from banso.kit.errors import InvalidInputError
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.services.records import take
from banso.workspace.types import Actor


def _check_name_once(segment: Segment) -> None:
    clash = Segment.objects.filter(owner_id=segment.owner_id, name__iexact=segment.name)
    if clash.exclude(pk=segment.pk).exists():
        message = _("You already have a segment of this name.")
        raise InvalidInputError(message, code="duplicate-segment", fields={"name": message})


@transaction.atomic
def save_segment(
    *,
    actor: Actor,
    name: str,
    query: Mapping[str, Any],
    columns: Sequence[str] = (),
    sort: str = "",
    shared: bool = False,
    segment: Segment | None = None,
) -> Segment:
    """Keep a filter under a name, or change one that was kept.

    The form of ``query`` belongs to the portfolio, which checks it; here it is only kept.

    Raises:
        ForbiddenError: sharing is for leaders; others' segments are changed by leaders only.
        InvalidInputError: no name, or the owner has another segment of that name.
    """
    if segment:
        take(segment)
    require(actor, "accounts.edit_segment" if segment else "accounts.segment", segment)
    if shared and not (segment and segment.shared):
        require(actor, "accounts.share_segment")
    kept = segment or Segment(owner_id=actor.user_id or 0, created_at=clock.now())
    before = _image(kept) if segment else None
    kept.name = checked({"name": name}, {"name": text(120, required=True)})["name"]
    kept.query, kept.columns, kept.sort, kept.shared = dict(query), list(columns), sort, shared
    _check_name_once(kept)
    kept.save()
    audit.record(actor, "segment.saved", "segment", kept.uid, before=before, after=_image(kept))
    return kept


def _image(segment: Segment) -> dict[str, Any]:
    fields = ("name", "query", "columns", "sort", "shared")
    return {field: getattr(segment, field) for field in fields}


@transaction.atomic
def share_segment(*, actor: Actor, segment: Segment, shared: bool) -> Segment:
    """Show a segment to everybody, or to its owner only."""
    require(actor, "accounts.share_segment")
    if segment.shared != shared:
        before = {"shared": segment.shared}
        segment.shared = shared
        segment.save(update_fields=["shared"])
        audit.record(
            actor, "segment.shared", "segment", segment.uid,
            before=before, after={"shared": shared},
        )  # fmt: skip
    return segment


@transaction.atomic
def delete_segment(*, actor: Actor, segment: Segment) -> None:
    """Throw a saved filter away; accounts are not touched."""
    require(actor, "accounts.edit_segment", segment)
    audit.record(actor, "segment.deleted", "segment", segment.uid, before=_image(segment))
    segment.delete()
