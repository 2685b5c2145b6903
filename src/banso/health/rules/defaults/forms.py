"""Short ways to write the definitions that come ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Unit = Literal["number", "percent", "days", "money", "minutes", "points"]
Definition = dict[str, Any]
Reference = str | Definition


@dataclass(frozen=True, slots=True)
class MetricForm:
    """A metric that comes ready; ``unit`` percent means that the value 42 reads 42 %."""

    key: str
    name_ja: str
    name_en: str
    definition: Definition
    unit: Unit = "number"
    more_is_better: bool | None = True


@dataclass(frozen=True, slots=True)
class ScorecardForm:
    """A scorecard that comes ready, with the JSON of its first version."""

    name_ja: str
    name_en: str
    spec: dict[str, Any]
    is_default: bool = False
    lifecycles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignalRuleForm:
    """A signal rule that comes ready, with its advice."""

    key: str
    name_ja: str
    name_en: str
    direction: Literal["risk", "opportunity"]
    severity: int
    conditions: dict[str, Any]
    advice_ja: str
    advice_en: str


def where(column: str, op: str, value: Any) -> Definition:
    """A filter on rows."""
    return {"column": column, "op": op, "value": value}


def window(
    dataset: str,
    aggregation: str,
    column: str | None = None,
    days: int | None = None,
    *filters: Definition,
    offset: int = 0,
) -> Definition:
    """A metric over the facts of the last days; all time without ``days``."""
    return {
        "kind": "window",
        "dataset": dataset,
        "aggregation": aggregation,
        "column": column,
        "window": days,
        "offset": offset,
        "filters": list(filters),
    }


def state(
    dataset: str, aggregation: str, column: str | None = None, *filters: Definition
) -> Definition:
    """A metric over what holds on the day."""
    return {
        "kind": "state",
        "dataset": dataset,
        "aggregation": aggregation,
        "column": column,
        "filters": list(filters),
    }


def percent(numerator: Reference, denominator: Reference) -> Definition:
    """One metric in percent of another."""
    return {"kind": "ratio", "numerator": numerator, "denominator": denominator, "scale": 100}


def ratio(numerator: Reference, denominator: Reference) -> Definition:
    """One metric divided by another."""
    return {"kind": "ratio", "numerator": numerator, "denominator": denominator}


def percent_change(of: Reference, days: int) -> Definition:
    """The change of a metric against some days ago, in percent of what it was."""
    return {"kind": "change", "of": of, "days": days, "mode": "relative", "scale": 100}


def difference(of: Reference, days: int) -> Definition:
    """The change of a metric against some days ago, in its own unit."""
    return {"kind": "change", "of": of, "days": days, "mode": "absolute"}


def greatest(*of: Reference) -> Definition:
    """The greatest of several metrics."""
    return {"kind": "greatest", "of": list(of)}
