"""Reads of scorecards and their versions."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from banso.health.models import Scorecard, ScorecardVersion
from banso.health.rules.scorecard import ScorecardSpec, parse
from banso.kit.errors import NotFoundError


def scorecards(*, include_archived: bool = False) -> QuerySet[Scorecard]:
    """Scorecards in the order in which they are tried; the default comes last."""
    found = Scorecard.objects.order_by("is_default", "position", "id")
    return found if include_archived else found.filter(is_archived=False)


def scorecard_by_uid(uid: UUID) -> Scorecard:
    """One scorecard, archived or not.

    Raises:
        NotFoundError: no scorecard has this id.
    """
    found = Scorecard.objects.filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This scorecard does not exist."), code="unknown-scorecard")
    return found


def versions(scorecard: Scorecard) -> QuerySet[ScorecardVersion]:
    """All versions of a scorecard, newest first, with who made them."""
    found = ScorecardVersion.objects.filter(scorecard=scorecard).select_related("created_by")
    return found.order_by("-number")


def version_by_number(scorecard: Scorecard, number: int) -> ScorecardVersion:
    """One version of a scorecard.

    Raises:
        NotFoundError: it has no such version.
    """
    found = versions(scorecard).filter(number=number).first()
    if found is None:
        raise NotFoundError(_("This version does not exist."), code="unknown-version")
    return found


def current_version(scorecard: Scorecard) -> ScorecardVersion:
    """The version that judges now; a scorecard always has one."""
    found = versions(scorecard).first()
    if found is None:
        raise NotFoundError("This scorecard has no version.", code="unknown-version")
    return found


def current_versions() -> dict[int, ScorecardVersion]:
    """Scorecard id to the version that judges now."""
    latest: dict[int, ScorecardVersion] = {}
    found = ScorecardVersion.objects.filter(scorecard__is_archived=False)
    for version in found.select_related("scorecard").order_by("number"):
        latest[version.scorecard_id] = version
    return latest


def spec_of(version: ScorecardVersion) -> ScorecardSpec:
    """What a version says."""
    return parse(version.spec)


def specs_of(versions: Iterable[ScorecardVersion]) -> dict[int, ScorecardSpec]:
    """Version id to what it says."""
    return {version.pk: spec_of(version) for version in versions}
