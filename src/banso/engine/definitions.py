"""The kinds of metric, as frozen values that compare and hash by what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Scalar: TypeAlias = str | int | float
Operator = Literal["in", "not_in", "eq", "ne", "gte", "lte", "gt", "lt"]
WindowAggregation = Literal[
    "count", "sum", "average", "distinct", "maximum", "days_since_last", "latest", "slope"
]
StateAggregation = Literal["count", "sum", "maximum", "minimum", "days_until", "days_since"]
ChangeMode = Literal["relative", "absolute"]

LONGEST_DAYS = 3660
"""Ten years: the longest window, offset or distance of a comparison."""
DEEPEST_NESTING = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps the rows whose column compares true; an empty cell fulfils no filter."""

    column: str
    op: Operator
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Aggregates the facts of days D−offset−window+1 … D−offset; window None: of all time.

    ``slope`` is the least-squares slope per day of the column's daily sums, in units per day;
    ``days_since_last`` counts from D itself.
    """

    dataset: str
    aggregation: WindowAggregation
    column: str | None = None
    window: int | None = None
    offset: int = 0
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Aggregates the intervals that hold on D; ``days_*`` measure from the least day."""

    dataset: str
    aggregation: StateAggregation
    column: str | None = None
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """scale × numerator ÷ denominator; empty where the denominator is zero or empty."""

    numerator: Reference
    denominator: Reference
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """Now against ``days`` earlier: scale × (now − before), ÷ before when relative."""

    of: Reference
    days: int
    mode: ChangeMode = "relative"
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Greatest:
    """The greatest of several metrics, leaving out the empty ones."""

    of: tuple[Reference, ...]


Leaf: TypeAlias = Window | State
Definition: TypeAlias = Window | State | Ratio | Change | Greatest
Reference: TypeAlias = str | Definition


def to_dict(definition: Definition) -> dict[str, Any]:
    """The JSON object of a definition; :func:`banso.engine.parsing.parse` is its inverse."""
    match definition:
        case Window():
            data = _leaf_dict("window", definition)
            data["window"] = definition.window
            data["offset"] = definition.offset
            return data
        case State():
            return _leaf_dict("state", definition)
        case Ratio(numerator, denominator, scale):
            return {
                "kind": "ratio",
                "numerator": _reference(numerator),
                "denominator": _reference(denominator),
                "scale": scale,
            }
        case Change(of, days, mode, scale):
            return {
                "kind": "change",
                "of": _reference(of),
                "days": days,
                "mode": mode,
                "scale": scale,
            }
        case Greatest(of):
            return {"kind": "greatest", "of": [_reference(item) for item in of]}


def _reference(reference: Reference) -> str | dict[str, Any]:
    return reference if isinstance(reference, str) else to_dict(reference)


def _leaf_dict(kind: str, leaf: Leaf) -> dict[str, Any]:
    return {
        "kind": kind,
        "dataset": leaf.dataset,
        "aggregation": leaf.aggregation,
        "column": leaf.column,
        "filters": [
            {
                "column": item.column,
                "op": item.op,
                "value": list(item.value) if isinstance(item.value, tuple) else item.value,
            }
            for item in leaf.filters
        ],
    }
