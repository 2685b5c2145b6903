"""The rows of one account from which a metric was made on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from banso.engine.definitions import (
    Change,
    Definition,
    Filter,
    Greatest,
    Leaf,
    Ratio,
    Reference,
    State,
    Window,
)
from banso.engine.parsing import parse
from banso.health.models import Metric
from banso.health.selectors.metrics import catalogue
from banso.health.selectors.row_sources import SOURCES, Row

#: As many rows of one part as a page shows.
MOST_ROWS = 500


@dataclass(frozen=True)
class Part:
    """One span of rows that goes into a metric.

    Attributes:
        leaf: which rows, and how they are summed up.
        first, last: the days looked at; the same day where rows hold on a day.
        keys: the metrics by which one came here, outermost first; empty for the metric itself.
        rows: column name to value; which columns there are depends on the dataset.
        more: whether there are further rows.
    """

    leaf: Leaf
    first: date | None
    last: date
    keys: tuple[str, ...]
    rows: list[Row]
    more: bool


@dataclass(frozen=True, slots=True)
class _Span:
    leaf: Leaf
    day: date
    keys: tuple[str, ...]

    @property
    def last(self) -> date:
        offset = self.leaf.offset if isinstance(self.leaf, Window) else 0
        return self.day - timedelta(days=offset)

    @property
    def first(self) -> date | None:
        if isinstance(self.leaf, State):
            return self.day
        days = self.leaf.window
        return self.last - timedelta(days=days - 1) if days else None


def metric_rows(account: Any, metric: Metric, as_of: date) -> list[Part]:
    """The rows behind a metric, in the order in which its definition names them.

    Usage of people is kept by week, so the rows of ``user_days`` may begin up to six days early.
    """
    spans = _spans(parse(metric.definition), as_of, (), catalogue())
    parts: list[Part] = []
    for part in (_part(account, span) for span in dict.fromkeys(spans)):
        if not any(_same_rows(part, other) for other in parts):
            parts.append(part)
    return parts


def _same_rows(one: Part, other: Part) -> bool:
    return (one.leaf.dataset, one.first, one.last, one.rows) == (
        other.leaf.dataset,
        other.first,
        other.last,
        other.rows,
    )


def _asks_for_any(numerator: Reference, denominator: Reference) -> bool:
    """Whether the denominator only asks for any rows at all, as x ÷ x does, and adds none."""
    if isinstance(denominator, Ratio):
        return denominator.numerator == denominator.denominator
    return (
        isinstance(numerator, Window)
        and isinstance(denominator, Window)
        and denominator.window is None
        and (numerator.dataset, numerator.aggregation) == (denominator.dataset, "count")
    )


def _spans(
    item: Reference, day: date, keys: tuple[str, ...], known: Mapping[str, Definition]
) -> Iterator[_Span]:
    if isinstance(item, str):
        if item in known and item not in keys:
            yield from _spans(known[item], day, (*keys, item), known)
        return
    match item:
        case Window() | State():
            yield _Span(item, day, keys)
        case Ratio(numerator, denominator):
            yield from _spans(numerator, day, keys, known)
            if not _asks_for_any(numerator, denominator):
                yield from _spans(denominator, day, keys, known)
        case Change(of, days):
            yield from _spans(of, day, keys, known)
            yield from _spans(of, day - timedelta(days=days), keys, known)
        case Greatest(of):
            for one in of:
                yield from _spans(one, day, keys, known)


def _part(account: Any, span: _Span) -> Part:
    dataset = span.leaf.dataset
    load = SOURCES.get(dataset)
    found = load(account, dataset, span.first or date.min, span.last) if load else []
    rows = [row for row in found if all(_keeps(item, row) for item in span.leaf.filters)]
    return Part(
        span.leaf, span.first, span.last, span.keys, rows[:MOST_ROWS], len(rows) > MOST_ROWS
    )


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "in": lambda cell, wanted: cell in wanted,
    "not_in": lambda cell, wanted: cell not in wanted,
    "eq": lambda cell, wanted: bool(cell == wanted),
    "ne": lambda cell, wanted: bool(cell != wanted),
    "gte": lambda cell, wanted: bool(cell >= wanted),
    "lte": lambda cell, wanted: bool(cell <= wanted),
    "gt": lambda cell, wanted: bool(cell > wanted),
    "lt": lambda cell, wanted: bool(cell < wanted),
}


def _keeps(item: Filter, row: Row) -> bool:
    """Whether the row passes; a column that the page's rows do not carry keeps everything."""
    if item.column not in row:
        return True
    cell = row[item.column]
    return cell is not None and _COMPARE[item.op](int(cell) if cell is True else cell, item.value)
