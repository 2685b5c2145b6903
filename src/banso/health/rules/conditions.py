"""The conditions of a signal rule.

A rule's JSON::

    {"all": [{"metric": "usage_trend_28d", "op": "lte", "value": -30, "for_days": 7},
             {"score": "lt", "value": 40, "for_days": 28},
             {"score_change": 28, "op": "lte", "value": -10},
             {"band_drop": 28}],
     "show": ["events_28d"]}

All conditions must hold on the same day; ``for_days`` asks a condition to have held on each of the
last so many days. What is not known holds nowhere. ``show`` names further metrics that belong to
the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from banso.health.rules.curves import is_number
from banso.health.rules.problems import refuse
from banso.kit.messages import gettext_noop as _

Operator = Literal["lte", "lt", "gte", "gt", "eq"]
SCORE = "score"
BAND = "band"
LONGEST_DAYS = 365
MOST_CONDITIONS = 8

NOT_AN_OBJECT = _("An object is needed here.")
NO_CONDITIONS = _("A rule needs at least one condition and at most eight.")
UNKNOWN = _("This is none of the known kinds of condition.")
BAD_OPERATOR = _("The comparison is one of lte, lt, gte, gt and eq.")
BAD_VALUE = _("A number to compare with is needed.")
BAD_DAYS = _("A number of days from 1 to 365 is needed.")
BAD_METRIC = _("The key of a metric is needed.")
BAD_SHOW = _("This is a list of at most eight keys of metrics.")


@dataclass(frozen=True, slots=True)
class Compare:
    """A metric, or the score (key ``score``), against a number."""

    key: str
    op: Operator
    value: float
    for_days: int = 1


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The score against the one ``days`` ago, in points."""

    days: int
    op: Operator
    value: float


@dataclass(frozen=True, slots=True)
class BandDrop:
    """The band is worse than it was ``days`` ago."""

    days: int


Condition: TypeAlias = Compare | ScoreChange | BandDrop


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold, and which further metrics are shown with it."""

    all: tuple[Condition, ...]
    show: tuple[str, ...] = ()

    def metrics(self) -> set[str]:
        """The metrics that are looked at or shown."""
        compared = {item.key for item in self.all if isinstance(item, Compare)} - {SCORE}
        return compared | set(self.show)

    def recent(self) -> dict[str, int]:
        """Metric key (or ``score``) to the number of past days whose values are needed."""
        found: dict[str, int] = {}
        for item in self.all:
            if isinstance(item, Compare) and item.for_days > 1:
                found[item.key] = max(item.for_days, found.get(item.key, 0))
        return found

    def score_days(self) -> set[int]:
        """How many days ago the score is needed."""
        return {item.days for item in self.all if isinstance(item, ScoreChange)}

    def band_days(self) -> set[int]:
        """How many days ago the band is needed."""
        return {item.days for item in self.all if isinstance(item, BandDrop)}


def parse(data: object) -> Conditions:
    """Read a rule's conditions.

    Raises:
        InvalidInputError: ``fields`` maps every place, such as ``all[0].value``, to what is wrong.
    """
    problems: dict[str, str] = {}
    found = _read(data, problems)
    refuse(problems, "invalid-signal-rule")
    return found


def _read(data: object, problems: dict[str, str]) -> Conditions:
    if not isinstance(data, Mapping):
        problems["conditions"] = NOT_AN_OBJECT
        return Conditions(())
    items, show = data.get("all"), data.get("show", [])
    problems.update({str(key): UNKNOWN for key in data if key not in ("all", "show")})
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_CONDITIONS:
        problems["all"] = NO_CONDITIONS
        items = []
    if not isinstance(show, list) or len(show) > 8 or not all(_is_key(key) for key in show):
        problems["show"] = BAD_SHOW
        show = []
    conditions = (_condition(item, f"all[{i}]", problems) for i, item in enumerate(items))
    return Conditions(tuple(item for item in conditions if item is not None), tuple(show))


def _condition(data: object, place: str, problems: dict[str, str]) -> Condition | None:
    """One condition; None once it, or a problem in it, has been noted."""
    if not isinstance(data, Mapping):
        problems[place] = NOT_AN_OBJECT
        return None
    kind = next((name for name in _FORMS if name in data), None)
    if kind is None or set(data) - _FORMS[kind]:
        problems[place] = UNKNOWN
        return None
    for name in (name for name in ("score_change", "band_drop", "for_days") if name in data):
        if not _is_days(data[name]):
            problems[f"{place}.{name}"] = BAD_DAYS
    if kind == "band_drop":
        return BandDrop(data["band_drop"])
    op: Any = data["score"] if kind == "score" else data.get("op")
    if op not in get_args(Operator):
        problems[f"{place}.{'score' if kind == 'score' else 'op'}"] = BAD_OPERATOR
    if not is_number(data.get("value")):
        problems[f"{place}.value"] = BAD_VALUE
    if kind == "metric" and not _is_key(data["metric"]):
        problems[f"{place}.metric"] = BAD_METRIC
    if any(name.startswith(place) for name in problems):
        return None
    value = float(data["value"])
    if kind == "score_change":
        return ScoreChange(data["score_change"], op, value)
    return Compare(data.get("metric", SCORE), op, value, data.get("for_days", 1))


_FORMS: dict[str, set[str]] = {
    "metric": {"metric", "op", "value", "for_days"},
    "score": {"score", "value", "for_days"},
    "score_change": {"score_change", "op", "value"},
    "band_drop": {"band_drop"},
}


def _is_key(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 80 and value not in (SCORE, BAND)


def _is_days(value: object) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and 1 <= value <= LONGEST_DAYS  # type: ignore[operator]


def to_dict(conditions: Conditions) -> dict[str, Any]:
    """The JSON of conditions; :func:`parse` is its inverse."""
    return {
        "all": [_condition_dict(item) for item in conditions.all],
        "show": list(conditions.show),
    }


def _condition_dict(item: Condition) -> dict[str, Any]:
    if isinstance(item, BandDrop):
        return {"band_drop": item.days}
    if isinstance(item, ScoreChange):
        return {"score_change": item.days, "op": item.op, "value": item.value}
    lasting = {"for_days": item.for_days} if item.for_days > 1 else {}
    if item.key == SCORE:
        return {"score": item.op, "value": item.value, **lasting}
    return {"metric": item.key, "op": item.op, "value": item.value, **lasting}
