"""Creating scorecards, making versions of them and saying whom they judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from banso.accounts.types import Lifecycle
from banso.health.events import ScorecardChanged
from banso.health.models import Metric, Scorecard, ScorecardVersion
from banso.health.rules.problems import refuse
from banso.health.rules.scorecard import ScorecardSpec, parse, to_dict
from banso.health.selectors.scorecards import current_version
from banso.health.selectors.wording import worded
from banso.health.services import fields
from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

MOST_SEGMENTS = 100


def checked_spec(data: object) -> ScorecardSpec:
    """Read a scorecard as somebody typed it; every metric in it must exist.

    Raises:
        InvalidInputError: ``fields`` maps places such as ``groups[0].measures[1].key`` to what is
            wrong there.
    """
    spec = worded(parse, data)
    known = set(Metric.objects.filter(is_archived=False).values_list("key", flat=True))
    problems = {
        f"groups[{g}].measures[{m}].key": _("There is no such metric.")
        for g, group in enumerate(spec.groups)
        for m, measure in enumerate(group.measures)
        if measure.key not in known
    }
    refuse(problems, "invalid-scorecard")
    return spec


def _add_version(
    actor: Actor, scorecard: Scorecard, spec: ScorecardSpec, number: int, note: str
) -> ScorecardVersion:
    return ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=number,
        spec=to_dict(spec),
        note=note,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )


@transaction.atomic
def create_scorecard(
    *,
    actor: Actor,
    name_ja: str,
    name_en: str,
    spec: dict[str, Any],
    segments: Sequence[str] = (),
    lifecycles: Sequence[str] = (),
    note: str = "",
) -> Scorecard:
    """Add a scorecard with its first version; it is tried after the present ones.

    The very first scorecard becomes the default, which judges whomever no other one does.
    """
    require(actor, "health.design")
    checked = checked_spec(spec)
    last = Scorecard.objects.aggregate(last=Max("position"))["last"]
    scorecard = Scorecard.objects.create(
        name_ja=fields.name("name_ja", name_ja),
        name_en=fields.name("name_en", name_en),
        is_default=not Scorecard.objects.filter(is_default=True).exists(),
        position=0 if last is None else last + 1,
        segments=_segments(segments),
        lifecycles=_lifecycles(lifecycles),
    )
    version = _add_version(actor, scorecard, checked, 1, fields.text("note", note, 300))
    after = {"name": scorecard.name_en, "number": 1, "spec": version.spec}
    audit.record(actor, "scorecard.created", "scorecard", scorecard.uid, after=after)
    events.publish(ScorecardChanged(scorecard.pk))
    return scorecard


@transaction.atomic
def save_version(
    *,
    actor: Actor,
    scorecard: Scorecard,
    spec: dict[str, Any],
    note: str = "",
    expected_number: int | None = None,
) -> ScorecardVersion:
    """Make a new version; one that says the same as the present one is not made.

    Args:
        expected_number: the version the edit began from.

    Returns:
        the version that judges from now on.

    Raises:
        ConflictError: somebody saved a version after ``expected_number``.
    """
    require(actor, "health.design")
    Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    present = current_version(scorecard)
    if expected_number is not None and present.number != expected_number:
        raise ConflictError(
            _("Somebody else has saved a version of this scorecard in the meantime."),
            code="scorecard-changed",
            remedy=_("Open it again and repeat your change."),
        )
    checked = checked_spec(spec)
    if to_dict(checked) == present.spec:
        return present
    note = fields.text("note", note, 300)
    version = _add_version(actor, scorecard, checked, present.number + 1, note)
    audit.record(
        actor,
        "scorecard.version_saved",
        "scorecard",
        scorecard.uid,
        before={"number": present.number, "spec": present.spec},
        after={"number": version.number, "spec": version.spec, "note": note},
    )
    events.publish(ScorecardChanged(scorecard.pk))
    return version


@transaction.atomic
def change_scorecard(
    *,
    actor: Actor,
    scorecard: Scorecard,
    name_ja: str | None = None,
    name_en: str | None = None,
    segments: Sequence[str] | None = None,
    lifecycles: Sequence[str] | None = None,
) -> Scorecard:
    """Rename a scorecard or say which segments and lifecycle stages it judges (none: all)."""
    require(actor, "health.design")
    values: dict[str, Any] = {}
    if name_ja is not None:
        values["name_ja"] = fields.name("name_ja", name_ja)
    if name_en is not None:
        values["name_en"] = fields.name("name_en", name_en)
    if segments is not None:
        values["segments"] = _segments(segments)
    if lifecycles is not None:
        values["lifecycles"] = _lifecycles(lifecycles)
    if scorecard.is_default and (values.get("segments") or values.get("lifecycles")):
        raise InvalidInputError(_("The default scorecard judges everybody whom no other one does."))
    before, after = fields.changed(scorecard, values)
    return _write(actor, scorecard, "scorecard.changed", before, after)


@transaction.atomic
def order_scorecards(*, actor: Actor, scorecards: Iterable[Scorecard]) -> None:
    """Set the order in which scorecards are tried; the first that fits an account judges it."""
    require(actor, "health.design")
    for position, scorecard in enumerate(scorecards):
        before, after = fields.changed(scorecard, {"position": position})
        _write(actor, scorecard, "scorecard.ordered", before, after)


@transaction.atomic
def make_default(*, actor: Actor, scorecard: Scorecard) -> Scorecard:
    """Let this scorecard judge whomever no other one does; its conditions are dropped."""
    require(actor, "health.design")
    if scorecard.is_archived:
        raise ConflictError(_("An archived scorecard judges nobody."), code="scorecard-archived")
    for present in Scorecard.objects.filter(is_default=True).exclude(pk=scorecard.pk):
        _write(actor, present, "scorecard.changed", {"is_default": True}, {"is_default": False})
    values = {"is_default": True, "segments": [], "lifecycles": []}
    before, after = fields.changed(scorecard, values)
    return _write(actor, scorecard, "scorecard.changed", before, after)


@transaction.atomic
def archive_scorecard(*, actor: Actor, scorecard: Scorecard, archived: bool = True) -> Scorecard:
    """Stop judging by a scorecard, or begin again; its versions and history stay.

    Raises:
        ConflictError: it is the default.
    """
    require(actor, "health.design")
    if scorecard.is_default:
        raise ConflictError(
            _("The default scorecard cannot be archived."),
            code="default-scorecard",
            remedy=_("Make another scorecard the default first."),
        )
    before, after = fields.changed(scorecard, {"is_archived": archived})
    action = "scorecard.archived" if archived else "scorecard.restored"
    return _write(actor, scorecard, action, before, after)


def _write(
    actor: Actor, scorecard: Scorecard, action: str, before: dict[str, Any], after: dict[str, Any]
) -> Scorecard:
    if not after:
        return scorecard
    for field, value in after.items():
        setattr(scorecard, field, value)
    scorecard.save(update_fields=list(after))
    audit.record(actor, action, "scorecard", scorecard.uid, before=before, after=after)
    events.publish(ScorecardChanged(scorecard.pk))
    return scorecard


def _segments(values: Sequence[str]) -> list[str]:
    found = sorted({fields.text("segments", value, 80) for value in values} - {""})
    if len(found) > MOST_SEGMENTS:
        raise fields.refuse("segments", _("At most %(limit)d segments.") % {"limit": MOST_SEGMENTS})
    return found


def _lifecycles(values: Sequence[str]) -> list[str]:
    if not set(values) <= {stage.value for stage in Lifecycle}:
        raise fields.refuse("lifecycles", _("Choose from the lifecycle stages offered."))
    return [stage.value for stage in Lifecycle if stage.value in values]
