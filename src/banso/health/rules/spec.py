"""What a scorecard version says: groups of measures, curves, weights, bands and actions.

Its JSON, as kept in ``ScorecardVersion.spec``::

    {"groups": [{"key": "usage", "name_ja": "利用", "name_en": "Usage", "weight": 60,
                 "measures": [{"key": "active_days_28d", "weight": 20,
                               "curve": {"kind": "linear", "points": [[0, 0], [16, 100]]},
                               "empty": "leave_out", "empty_points": null}]}],
     "min_coverage": 0.4,
     "bands": {"danger_to": 40, "caution_to": 70},
     "actions": {"danger": {"ja": "…", "en": "…"}, "caution": {…}, "healthy": {…}}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from banso.health.rules.curves import Curve
from banso.health.types import Band

EmptyRule = Literal["leave_out", "count_as"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric in a scorecard.

    Attributes:
        key: the metric's key; it occurs once in a scorecard.
        weight: its share among the measures of its group, any scale.
        empty: what a missing value does: ``leave_out`` (the others carry its weight) or
            ``count_as`` (it counts as ``empty_points``).
    """

    key: str
    weight: float
    curve: Curve
    empty: EmptyRule = "leave_out"
    empty_points: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that answer one question together."""

    key: str
    name_ja: str
    name_en: str
    weight: float
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Bands:
    """Danger is [0, danger_to), caution [danger_to, caution_to), healthy [caution_to, 100]."""

    danger_to: float = 40
    caution_to: float = 70


@dataclass(frozen=True, slots=True)
class Action:
    """What to do about an account in a band."""

    ja: str = ""
    en: str = ""


@dataclass(frozen=True)
class ScorecardSpec:
    """A scorecard version.

    Attributes:
        min_coverage: the share of weight (0 to 1) that needs a real value for a score to be given.
    """

    groups: tuple[Group, ...]
    min_coverage: float = 0.4
    bands: Bands = field(default_factory=Bands)
    actions: Mapping[Band, Action] = field(
        default_factory=lambda: {band: Action() for band in Band}
    )

    def measures(self) -> Iterator[Measure]:
        """All measures in reading order, which is also their order in stored histories."""
        for group in self.groups:
            yield from group.measures

    def metric_keys(self) -> tuple[str, ...]:
        """The metric keys of all measures in reading order."""
        return tuple(measure.key for measure in self.measures())

    def nominal_weights(self) -> dict[str, float]:
        """Each measure's share of the score when all have a value; sums to 1."""
        total = sum(group.weight for group in self.groups)
        return {
            measure.key: group.weight / total * measure.weight / inside
            for group in self.groups
            for inside in [sum(item.weight for item in group.measures)]
            for measure in group.measures
        }


def to_dict(spec: ScorecardSpec) -> dict[str, Any]:
    """The JSON object of a scorecard version; :func:`parse` is its inverse."""
    return {
        "groups": [_group_dict(group) for group in spec.groups],
        "min_coverage": spec.min_coverage,
        "bands": {"danger_to": spec.bands.danger_to, "caution_to": spec.bands.caution_to},
        "actions": {
            band.value: {"ja": action.ja, "en": action.en}
            for band in Band
            for action in [spec.actions.get(band, Action())]
        },
    }


def _group_dict(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "name_ja": group.name_ja,
        "name_en": group.name_en,
        "weight": group.weight,
        "measures": [_measure_dict(measure) for measure in group.measures],
    }


def _measure_dict(measure: Measure) -> dict[str, Any]:
    return {
        "key": measure.key,
        "weight": measure.weight,
        "curve": {
            "kind": measure.curve.kind,
            "points": [list(knot) for knot in measure.curve.knots],
        },
        "empty": measure.empty,
        "empty_points": measure.empty_points,
    }
