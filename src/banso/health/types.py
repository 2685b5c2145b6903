"""Plain values about health."""

from __future__ import annotations

from enum import StrEnum


class Band(StrEnum):
    """The bands of a score; by default [0, 40) danger, [40, 70) caution, [70, 100] healthy."""

    DANGER = "danger"
    CAUTION = "caution"
    HEALTHY = "healthy"


def bands_climbed(before: str, now: str) -> int:
    """How many bands better one is than another, below zero when worse; 0 where one is unknown."""
    order = [band.value for band in Band]
    return order.index(now) - order.index(before) if {before, now} <= set(order) else 0


class SignalStatus(StrEnum):
    """The life of a signal."""

    OPEN = "open"
    SNOOZED = "snoozed"
    #: Closed by a person, with an outcome.
    RESOLVED = "resolved"
    #: Closed by itself because the condition no longer holds.
    CLEARED = "cleared"


LIVE_SIGNALS = (SignalStatus.OPEN, SignalStatus.SNOOZED)


class Direction(StrEnum):
    """Whether a signal warns or promises."""

    RISK = "risk"
    OPPORTUNITY = "opportunity"


class Outcome(StrEnum):
    """What came of a signal that a person resolved."""

    HELPED = "helped"
    NO_EFFECT = "no_effect"
    FALSE_ALARM = "false_alarm"
    KNOWN = "known"
    WON = "won"
    LOST = "lost"


class Sentiment(StrEnum):
    """How the CSM feels about an account, for the score worth 100, 50 and 0."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"


SENTIMENT_POINTS = {Sentiment.GOOD: 100, Sentiment.MIXED: 50, Sentiment.BAD: 0}
