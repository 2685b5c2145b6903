"""Find which lines follow each other and so are one subscription."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """When a line holds; ``end_on`` is exclusive, None while nothing ends it."""

    start_on: date
    end_on: date | None = None


def chain(lines: Sequence[Span], grace_days: int) -> list[list[int]]:
    """Group lines of one product family into subscriptions.

    A line continues the subscription that ended on its first day or at most ``grace_days`` before
    it; of several, the one that ended last. A line that begins while others still hold runs beside
    them, as a further subscription.

    Returns:
        Positions in ``lines``, by subscription and in order of time; every line exactly once.
    """
    grace = timedelta(days=grace_days)
    chains: list[list[int]] = []
    ends: list[date | None] = []
    for position in sorted(range(len(lines)), key=lambda i: _order(lines[i])):
        line = lines[position]
        found = _continued(ends, line.start_on, grace)
        if found is None:
            chains.append([position])
            ends.append(line.end_on)
        else:
            chains[found].append(position)
            ends[found] = line.end_on
    return chains


def _order(line: Span) -> tuple[date, date]:
    return line.start_on, line.end_on or date.max


def _continued(ends: Sequence[date | None], start: date, grace: timedelta) -> int | None:
    best: int | None = None
    latest = date.min
    for index, end in enumerate(ends):
        if end is not None and latest < end <= start and start - end <= grace:
            best, latest = index, end
    return best
