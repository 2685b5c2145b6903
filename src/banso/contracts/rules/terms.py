"""The terms of a subscription line: spans after which the customer may go on or leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from banso.contracts.rules.months import add_months, months_between


@dataclass(frozen=True, slots=True)
class LineSpan:
    """When a line holds and what was agreed about its length.

    Args:
        end_on: first day on which it no longer holds; None while nothing ends it.
        term_end_on: first day after the agreed first term, known from the start.
        period_months: length of a billing period, which is the term where none was agreed.
    """

    start_on: date
    end_on: date | None = None
    term_end_on: date | None = None
    period_months: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One term: lived from ``from_day`` up to ``to_day`` (exclusive), agreed until ``ends_on``."""

    from_day: date
    to_day: date
    ends_on: date


def terms(line: LineSpan, horizon: date) -> Iterator[Term]:
    """The terms of a line that begin up to ``horizon``, oldest first.

    A term lasts as agreed, or one billing period; when the line goes on behind it, terms of the
    same length follow. A term is cut where the line ends, but keeps its agreed end: on a day
    before an early cancellation nobody knew of it. A line without agreed end and without billing
    period has no terms.
    """
    number, begins = 0, line.start_on
    while begins <= horizon and (line.end_on is None or begins < line.end_on):
        ends = _boundary(line, number + 1)
        if ends is None:
            return
        yield Term(begins, min(ends, line.end_on or ends), ends)
        number, begins = number + 1, ends


def _boundary(line: LineSpan, number: int) -> date | None:
    """Where the term of that number (from 1) ends, counted from the line's start."""
    agreed = line.term_end_on
    if agreed is not None and agreed > line.start_on:
        months = months_between(line.start_on, agreed)
        if months is None:
            return line.start_on + (agreed - line.start_on) * number
        return add_months(line.start_on, months * number)
    return add_months(line.start_on, line.period_months * number) if line.period_months else None


def default_horizon(today: date) -> date:
    """How far ahead terms are worked out: a year, so that tomorrow's term is known today."""
    return today + timedelta(days=366)
