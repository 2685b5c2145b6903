"""Saying what the product's features are: their names, which are core, which mean a sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.kit.errors import InvalidInputError
from banso.usage.events import FeaturesMarked
from banso.usage.models import Feature, UsageBatch
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

_FIELDS = ("name", "is_core", "is_login")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person says about one feature; an empty name shows the event's own name."""

    name: str
    is_core: bool
    is_login: bool


@transaction.atomic
def mark_features(*, actor: Actor, marks: Mapping[str, Mark]) -> int:
    """Set name and marks of features by key; returns how many changed.

    Raises:
        InvalidInputError: a key is not known, or a name is longer than 200 characters.
    """
    require(actor, "usage.features")
    found = {row.key: row for row in Feature.objects.select_for_update().filter(key__in=marks)}
    if unknown := sorted(marks.keys() - found.keys()):
        raise InvalidInputError(_("There is no feature “%(key)s”.") % {"key": unknown[0]})
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for key, mark in marks.items():
        if changed := _apply(found[key], mark):
            before[key] = changed
            after[key] = {field: getattr(found[key], field) for field in changed}
    if after:
        Feature.objects.bulk_update([found[key] for key in after], _FIELDS)
        audit.record(actor, "features.marked", "feature", "", before=before, after=after)
        events.publish(FeaturesMarked(frozenset(after)))
    return len(after)


@transaction.atomic
def forget_features(*, actor: Actor) -> int:
    """Forget all features once no usage is left that could name them; returns how many went."""
    require(actor, "usage.features")
    if UsageBatch.objects.filter(reverted_at=None).exists():
        return 0
    keys = sorted(Feature.objects.values_list("key", flat=True))
    if keys:
        Feature.objects.all().delete()
        audit.record(actor, "features.removed", "feature", "", before={"keys": keys})
        events.publish(FeaturesMarked(frozenset(keys)))
    return len(keys)


def _apply(feature: Feature, mark: Mark) -> dict[str, Any]:
    """Change the feature and return what its changed fields were before."""
    if len(mark.name) > 200:
        message = _("The name of “%(key)s” is longer than 200 characters.")
        raise InvalidInputError(message % {"key": feature.key})
    before = {}
    for field in _FIELDS:
        value = getattr(mark, field)
        if getattr(feature, field) != value:
            before[field] = getattr(feature, field)
            setattr(feature, field, value)
    return before
