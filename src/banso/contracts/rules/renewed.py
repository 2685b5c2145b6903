"""Where a line without an end was renewed by another, so that its price does not count twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Agreed:
    """A line of one account and product.

    Args:
        start_on: its first day.
        term_end_on: where its agreed term ends (exclusive), None when none was agreed.
        open: whether nothing tells its end, so that a renewal may.
    """

    start_on: date
    term_end_on: date | None
    open: bool


def renewed_on(lines: Sequence[Agreed], grace_days: int) -> list[date | None]:
    """The first day of the line that renews each; None where none does or its end is told.

    A line renews another when it starts after it and at most ``grace_days`` from the end of its
    term; of several, the one that starts nearest to that end, and of two as near the earlier.
    """
    grace = timedelta(days=grace_days)
    return [_renewal(line, lines, grace) for line in lines]


def _renewal(line: Agreed, lines: Sequence[Agreed], grace: timedelta) -> date | None:
    term = line.term_end_on
    if term is None or not line.open:
        return None
    starts = [
        other.start_on
        for other in lines
        if other.start_on > line.start_on and abs(other.start_on - term) <= grace
    ]
    return min(starts, key=lambda day: (abs(day - term), day), default=None)
