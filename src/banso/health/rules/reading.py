"""Read the JSON of a scorecard version, naming every place where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from banso.health.rules import curves
from banso.health.rules.curves import Curve, is_number
from banso.health.rules.problems import refuse
from banso.health.rules.spec import Action, Bands, Group, Measure, ScorecardSpec
from banso.health.types import Band
from banso.kit.messages import gettext_noop as _

_KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")
MOST_GROUPS, MOST_MEASURES = 12, 60

# The sentences carry no figures or names, so that pages can translate them; the place says where.
NOT_AN_OBJECT = _("An object is needed here.")
UNKNOWN = _("This entry is not known.")
NO_GROUPS = _("A scorecard needs at least one group and at most twelve.")
NO_MEASURES = _("A group needs at least one measure.")
TOO_MANY_MEASURES = _("A scorecard has at most sixty measures.")
BAD_KEY = _("A key has lower-case letters, digits and _, and begins with a letter.")
TWICE = _("This key stands in the scorecard twice.")
NO_NAME = _("A name of at most 120 characters is needed.")
BAD_WEIGHT = _("A weight is a number above 0 and at most 1000.")
BAD_EMPTY = _("A missing value is either left out or counted as set points.")
BAD_EMPTY_POINTS = _("The points that a missing value counts as lie between 0 and 100.")
BAD_COVERAGE = _("The minimum coverage lies between 0 and 1.")
BAD_BANDS = _("The borders of the bands rise: above 0, then more, below or at 100.")
BAD_ACTION = _("An action is a text of at most 300 characters in each language.")


def parse(data: object) -> ScorecardSpec:
    """Read a scorecard version.

    Raises:
        InvalidInputError: ``fields`` maps every place, such as ``groups[0].measures[1].curve``,
            to the sentence that says what is wrong there.
    """
    reader = _Reader()
    spec = reader.scorecard(data)
    refuse(reader.problems, "invalid-scorecard")
    return spec


class _Reader:
    """Collects problems and goes on with harmless values, so that all are found in one go."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}
        self.seen: set[str] = set()

    def refuse(self, place: str, text: str) -> None:
        self.problems.setdefault(place, text)

    def scorecard(self, data: object) -> ScorecardSpec:
        entries = self.entries(data, "scorecard", ("groups", "min_coverage", "bands", "actions"))
        items = entries.get("groups")
        if not isinstance(items, list) or not 1 <= len(items) <= MOST_GROUPS:
            self.refuse("groups", NO_GROUPS)
            items = []
        groups = tuple(self.group(item, f"groups[{i}]") for i, item in enumerate(items))
        if sum(len(group.measures) for group in groups) > MOST_MEASURES:
            self.refuse("groups", TOO_MANY_MEASURES)
        coverage = entries.get("min_coverage", 0.4)
        if not is_number(coverage) or not 0 <= coverage <= 1:
            self.refuse("min_coverage", BAD_COVERAGE)
            coverage = 0
        return ScorecardSpec(
            groups,
            float(coverage),
            self.bands(entries.get("bands", {})),
            self.actions(entries.get("actions", {})),
        )

    def group(self, data: object, place: str) -> Group:
        names = ("key", "name_ja", "name_en", "weight", "measures")
        entries = self.entries(data, place, names)
        items = entries.get("measures")
        if not isinstance(items, list) or not items:
            self.refuse(f"{place}.measures", NO_MEASURES)
            items = []
        return Group(
            self.key(entries, place, "group "),
            self.name(entries, "name_ja", place),
            self.name(entries, "name_en", place),
            self.weight(entries, place),
            tuple(self.measure(item, f"{place}.measures[{i}]") for i, item in enumerate(items)),
        )

    def measure(self, data: object, place: str) -> Measure:
        entries = self.entries(data, place, ("key", "weight", "curve", "empty", "empty_points"))
        empty = entries.get("empty", "leave_out")
        counted = self.empty_points(empty, entries.get("empty_points"), place)
        return Measure(
            self.key(entries, place, "measure "),
            self.weight(entries, place),
            self.curve(entries.get("curve"), f"{place}.curve"),
            empty,
            counted,
        )

    def empty_points(self, empty: object, counted: object, place: str) -> float | None:
        if empty == "leave_out":
            return None
        if empty != "count_as":
            self.refuse(f"{place}.empty", BAD_EMPTY)
        elif is_number(counted) and 0 <= counted <= 100:
            return float(counted)
        else:
            self.refuse(f"{place}.empty_points", BAD_EMPTY_POINTS)
        return None

    def curve(self, data: object, place: str) -> Curve:
        entries = self.entries(data, place, ("kind", "points"))
        kind: Any
        knots: Any
        kind, knots = entries.get("kind", "linear"), entries.get("points")
        text = curves.problem(knots, kind)
        if text is not None:
            self.refuse(place, text)
            return Curve(((0, 0), (1, 100)))
        return Curve(tuple((float(x), float(y)) for x, y in knots), kind)

    def bands(self, data: object) -> Bands:
        entries = self.entries(data, "bands", ("danger_to", "caution_to"))
        low, high = entries.get("danger_to", 40), entries.get("caution_to", 70)
        if not (is_number(low) and is_number(high) and 0 < low < high <= 100):
            self.refuse("bands", BAD_BANDS)
            return Bands()
        return Bands(float(low), float(high))

    def actions(self, data: object) -> dict[Band, Action]:
        entries = self.entries(data, "actions", tuple(Band))
        return {band: self.action(entries.get(band, {}), f"actions.{band}") for band in Band}

    def action(self, data: object, place: str) -> Action:
        entries = self.entries(data, place, ("ja", "en"))
        texts = [entries.get(language, "") for language in ("ja", "en")]
        if not all(isinstance(text, str) and len(text) <= 300 for text in texts):
            self.refuse(place, BAD_ACTION)
            return Action()
        return Action(*texts)

    def entries(self, data: object, place: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            self.refuse(place, NOT_AN_OBJECT)
            return {}
        for key in data:
            if key not in known:
                self.refuse(f"{place}.{key}", UNKNOWN)
        return data

    def key(self, entries: Mapping[str, Any], place: str, kind: str) -> str:
        value = entries.get("key")
        if not isinstance(value, str) or not _KEY.fullmatch(value):
            self.refuse(f"{place}.key", BAD_KEY)
            return ""
        if kind + value in self.seen:
            self.refuse(f"{place}.key", TWICE)
        self.seen.add(kind + value)
        return value

    def name(self, entries: Mapping[str, Any], key: str, place: str) -> str:
        value = entries.get(key)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= 120:
            self.refuse(f"{place}.{key}", NO_NAME)
            return ""
        return value.strip()

    def weight(self, entries: Mapping[str, Any], place: str) -> float:
        value = entries.get("weight")
        if not is_number(value) or not 0 < value <= 1000:
            self.refuse(f"{place}.weight", BAD_WEIGHT)
            return 1.0
        return float(value)
