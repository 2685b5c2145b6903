"""Creating, changing and archiving metrics."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from banso.engine.definitions import to_dict
from banso.engine.parsing import parse
from banso.engine.validation import validate
from banso.health.events import MetricChanged
from banso.health.models import Metric
from banso.health.selectors.metrics import catalogue, dataset_specs, metric_users
from banso.health.selectors.wording import worded
from banso.health.services import fields
from banso.kit import clock
from banso.kit.errors import ConflictError
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

UNITS = ("number", "percent", "days", "money", "minutes", "points")
EDITABLE = ("name_ja", "name_en", "definition", "unit", "more_is_better")


def checked_definition(key: str, value: object) -> dict[str, Any]:
    """The definition in its one written form, checked against datasets and other metrics.

    Raises:
        InvalidInputError: ``fields`` maps places in the definition to what is wrong there.
    """
    return worded(lambda data: _read(key, data), value)


def _read(key: str, value: object) -> dict[str, Any]:
    known = catalogue()
    parsed = parse(value)
    validate(parsed, {**known, key: parsed}, dataset_specs(), key=key)
    return to_dict(parsed)


def _checked(key: str, values: dict[str, Any]) -> dict[str, Any]:
    if unknown := values.keys() - set(EDITABLE):
        raise fields.refuse(min(unknown), _("This cannot be changed."))
    checked = dict(values)
    for name in ("name_ja", "name_en"):
        if name in checked:
            checked[name] = fields.name(name, checked[name])
    if checked.get("unit", "number") not in UNITS:
        raise fields.refuse("unit", _("Choose one of the units offered."))
    if checked.get("more_is_better") not in (True, False, None):
        raise fields.refuse("more_is_better", _("Choose more, less, or neither."))
    if "definition" in checked:
        checked["definition"] = checked_definition(key, checked["definition"])
    return checked


def _image(metric: Metric) -> dict[str, Any]:
    return {field: getattr(metric, field) for field in ("key", *EDITABLE)}


@transaction.atomic
def create_metric(
    *,
    actor: Actor,
    key: str,
    name_ja: str,
    name_en: str,
    definition: dict[str, Any],
    unit: str = "number",
    more_is_better: bool | None = None,
) -> Metric:
    """Add a metric; the worker measures it with its next run.

    Raises:
        InvalidInputError: a field or a place in the definition cannot be taken.
    """
    require(actor, "health.design")
    key = fields.key(key)
    if key in ("score", "band") or Metric.objects.filter(key=key).exists():
        raise fields.refuse("key", _("Another metric has this key already."))
    values = _checked(
        key,
        {
            "name_ja": name_ja,
            "name_en": name_en,
            "definition": definition,
            "unit": unit,
            "more_is_better": more_is_better,
        },
    )
    metric = Metric.objects.create(key=key, updated_at=clock.now(), **values)
    audit.record(actor, "metric.created", "metric", metric.uid, after=_image(metric))
    events.publish(MetricChanged(key))
    return metric


@transaction.atomic
def change_metric(
    *, actor: Actor, metric: Metric, expected_version: int | None = None, **changes: Any
) -> Metric:
    """Change fields in ``EDITABLE``; the key stays. Nothing new writes nothing.

    Raises:
        ConflictError: somebody changed it after ``expected_version``.
    """
    require(actor, "health.design")
    current = Metric.objects.select_for_update().get(pk=metric.pk)
    if expected_version is not None and current.version != expected_version:
        raise ConflictError(
            _("Somebody else has changed this metric in the meantime."),
            code="metric-changed",
            remedy=_("Open it again and repeat your change."),
        )
    before, after = fields.changed(current, _checked(current.key, changes))
    if not after:
        return current
    for field, value in after.items():
        setattr(current, field, value)
    current.version += 1
    current.updated_at = clock.now()
    current.save()
    audit.record(actor, "metric.changed", "metric", current.uid, before=before, after=after)
    events.publish(MetricChanged(current.key))
    return current


@transaction.atomic
def archive_metric(*, actor: Actor, metric: Metric) -> Metric:
    """Stop measuring it; its past values stay in the history.

    Raises:
        ConflictError: a scorecard, a signal rule or another metric still needs it.
    """
    require(actor, "health.design")
    users = [name for names in metric_users(metric.key, get_language() or "en").values()
             for name in names]  # fmt: skip
    if users:
        raise ConflictError(
            _("This metric is still needed by: %(users)s.") % {"users": ", ".join(users)},
            code="metric-in-use",
            remedy=_("Take it out there first."),
        )
    return _set_archived(actor, metric, True)


@transaction.atomic
def restore_metric(*, actor: Actor, metric: Metric) -> Metric:
    """Measure an archived metric again.

    Raises:
        InvalidInputError: what it is made of no longer exists.
    """
    require(actor, "health.design")
    checked_definition(metric.key, metric.definition)
    return _set_archived(actor, metric, False)


def _set_archived(actor: Actor, metric: Metric, archived: bool) -> Metric:
    if metric.is_archived == archived:
        return metric
    metric.is_archived = archived
    metric.version += 1
    metric.updated_at = clock.now()
    metric.save(update_fields=["is_archived", "version", "updated_at"])
    action = "metric.archived" if archived else "metric.restored"
    audit.record(actor, action, "metric", metric.uid, after={"key": metric.key})
    events.publish(MetricChanged(metric.key))
    return metric
