"""Filters over accounts: conditions in nested groups, as people build and save them.

A query's JSON is ``{}`` (everything) or a group::

    {"and": [{"field": "band", "op": "in", "value": ["danger", "caution"]},
             {"or": [{"field": "renewal_on", "op": "next_days", "value": 90},
                     {"field": "metric:events_28d", "op": "changed", "value": -30, "days": 28}]}]}

``changed`` compares with some days ago (one of ``CHANGE_DAYS``), in percent of the value then: a
value below zero asks for a fall by at least that much, one above zero for a rise. It is never true
from zero or from nothing. For the score it is in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal, TypeAlias


class FieldKind(StrEnum):
    """What a field holds, which decides how it can be compared and shown."""

    TEXT = "text"
    CHOICE = "choice"
    OWNER = "owner"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DAYS = "days"
    MINUTES = "minutes"
    POINTS = "points"
    DATE = "date"
    FLAG = "flag"
    SIGNAL = "signal"


NUMERIC = frozenset(
    {
        FieldKind.NUMBER,
        FieldKind.MONEY,
        FieldKind.PERCENT,
        FieldKind.DAYS,
        FieldKind.MINUTES,
        FieldKind.POINTS,
    }
)
PRESENCE = ("empty", "not_empty")
_NUMBER_OPS = ("eq", "gte", "lte", "gt", "lt", "between", *PRESENCE)
OPERATORS: dict[FieldKind, tuple[str, ...]] = {
    FieldKind.TEXT: ("contains", "not_contains", "is", "is_not", "starts", "in", *PRESENCE),
    FieldKind.CHOICE: ("is", "is_not", "in", "not_in", *PRESENCE),
    FieldKind.OWNER: ("is", "is_not", "in", *PRESENCE),
    FieldKind.DATE: ("on", "before", "after", "between", "last_days", "next_days", *PRESENCE),
    FieldKind.FLAG: ("is",),
    FieldKind.SIGNAL: ("has", "has_not"),
    **dict.fromkeys(sorted(NUMERIC), _NUMBER_OPS),
}
#: Days over which a change can be asked for: those of the field's suites, and four whole weeks,
#: which no weekend tilts.
CHANGE_DAYS = (1, 3, 7, 14, 28, 30, 90)
MOST_CONDITIONS, DEEPEST, MOST_VALUES, LONGEST_TEXT = 50, 5, 500, 300


@dataclass(frozen=True, slots=True)
class FieldForm:
    """What a query needs to know of a field: its kind, and whether earlier values are kept."""

    kind: FieldKind
    has_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; ``days`` only for ``changed``."""

    field: str
    op: str
    value: Any = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all (``and``) or any (``or``) must hold; an empty one always holds."""

    op: Literal["and", "or"]
    items: tuple[Condition | Group, ...]


Node: TypeAlias = Condition | Group
ALL = Group("and", ())


def to_dict(node: Node) -> dict[str, Any]:
    """The JSON of a query; :func:`parse` is its inverse."""
    return {} if isinstance(node, Group) and not node.items else _part(node)


def _part(node: Node) -> dict[str, Any]:
    if isinstance(node, Group):
        return {node.op: [_part(item) for item in node.items]}
    found: dict[str, Any] = {"field": node.field, "op": node.op}
    if node.op not in PRESENCE:
        found["value"] = _plain(node.value)
    return found if node.days is None else {**found, "days": node.days}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
