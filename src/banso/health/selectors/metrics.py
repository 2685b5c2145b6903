"""Reads of metrics and of the datasets they are made of."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from banso.engine.datasets import FEATURE_DAYS, USAGE_DATASETS, DatasetSpec
from banso.engine.definitions import Change, Definition, Greatest, Ratio, Reference
from banso.engine.parsing import parse
from banso.health.models import Metric, SignalRule
from banso.health.rules import conditions
from banso.health.selectors.scorecards import current_versions, spec_of
from banso.kit.errors import NotFoundError
from banso.workspace.selectors import datasets

#: Parts of the usage roll-ups that are kept as datasets of their own.
USAGE_PARTS = {
    name: DatasetSpec(name, "event", FEATURE_DAYS.columns, label_en, label_ja)
    for name, label_en, label_ja in (
        ("core_feature_days", "Core-feature use per day", "コア機能の日次利用"),
        ("login_days", "Sign-ins per day", "日次のログイン"),
    )
}


def dataset_specs() -> dict[str, DatasetSpec]:
    """All datasets that a metric can be made of: usage, and what the rooms registered."""
    registered = {
        item.name: DatasetSpec(
            item.name,
            item.grain,
            item.columns,  # type: ignore[arg-type]
            item.label.get("en", item.name),
            item.label.get("ja", item.name),
        )
        for item in datasets().values()
    }
    return {**USAGE_DATASETS, **USAGE_PARTS, **registered}


def metrics(*, include_archived: bool = False) -> QuerySet[Metric]:
    """Metrics by key."""
    return Metric.objects.all() if include_archived else Metric.objects.filter(is_archived=False)


def metric_by_key(key: str) -> Metric:
    """One metric, archived or not.

    Raises:
        NotFoundError: no metric has this key.
    """
    found = Metric.objects.filter(key=key).first()
    if found is None:
        raise NotFoundError(f"There is no metric “{key}”.", code="unknown-metric")
    return found


def metric_by_uid(uid: UUID) -> Metric:
    """One metric, archived or not.

    Raises:
        NotFoundError: no metric has this id.
    """
    found = Metric.objects.filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This metric does not exist."), code="unknown-metric")
    return found


def catalogue() -> dict[str, Definition]:
    """Key to definition of every metric that is not archived, for the engine."""
    rows = metrics().values_list("key", "definition")
    return {key: parse(definition) for key, definition in rows}


def metric_names(language: str) -> dict[str, str]:
    """Key to name in a language (``ja`` or another, which reads English), archived included."""
    field = "name_ja" if language == "ja" else "name_en"
    return dict(Metric.objects.values_list("key", field))


def metric_units() -> dict[str, str]:
    """Key to unit, archived included."""
    return dict(Metric.objects.values_list("key", "unit"))


def metric_users(key: str, language: str = "en") -> dict[str, list[str]]:
    """Who depends on a metric: names of ``metrics``, ``scorecards`` and ``signals``."""
    field = "name_ja" if language == "ja" else "name_en"
    names = metric_names(language)
    return {
        "metrics": sorted(
            names[other] for other, item in catalogue().items() if key in references(item)
        ),
        "scorecards": sorted(
            getattr(version.scorecard, field)
            for version in current_versions().values()
            if key in spec_of(version).metric_keys()
        ),
        "signals": sorted(
            getattr(rule, field)
            for rule in SignalRule.objects.filter(is_active=True)
            if key in conditions.parse(rule.conditions).metrics()
        ),
    }


def references(definition: Definition) -> set[str]:
    """The keys that a definition names directly or in the definitions written out inside it."""
    match definition:
        case Ratio(numerator, denominator):
            parts: tuple[Reference, ...] = (numerator, denominator)
        case Change(of):
            parts = (of,)
        case Greatest(of):
            parts = of
        case _:
            parts = ()
    named = {part for part in parts if isinstance(part, str)}
    inner = (references(part) for part in parts if not isinstance(part, str))
    return named.union(*inner)
