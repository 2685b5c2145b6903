"""The Net Promoter Score: pure figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

PROMOTERS = range(9, 11)
PASSIVES = range(7, 9)
DETRACTORS = range(7)
#: Fewer answers than this say next to nothing about the customers who did not answer.
FEW = 30
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Nps:
    """NPS = % promoters (9-10) − % detractors (0-6), from -100 to 100.

    Attributes:
        answers: how many answers.
        promoters, passives, detractors: how many of each.
        score: None without answers.
        margin: half the width of the 95 % interval, in points; None without answers.
    """

    answers: int
    promoters: int
    passives: int
    detractors: int
    score: float | None
    margin: float | None

    @property
    def low(self) -> float | None:
        """The lower end of the interval, at least -100."""
        if self.score is None or self.margin is None:
            return None
        return max(-100.0, self.score - self.margin)

    @property
    def high(self) -> float | None:
        """The upper end of the interval, at most 100."""
        if self.score is None or self.margin is None:
            return None
        return min(100.0, self.score + self.margin)

    @property
    def few(self) -> bool:
        """Whether there are too few answers to say much."""
        return self.answers < FEW


def nps(counts: Mapping[int, int]) -> Nps:
    """The score of a distribution.

    The interval treats answers as independent draws worth +1, 0 and −1: the variance of their mean
    is (p + d − (p − d)²) ÷ n, with p and d the shares of promoters and detractors.

    Args:
        counts: answer 0 to 10 to how often it was given.
    """
    promoters, passives, detractors = (
        sum(counts.get(score, 0) for score in group) for group in (PROMOTERS, PASSIVES, DETRACTORS)
    )
    total = promoters + passives + detractors
    if not total:
        return Nps(0, 0, 0, 0, None, None)
    p, d = promoters / total, detractors / total
    variance = max(p + d - (p - d) ** 2, 0.0) / total
    margin = 100 * _Z95 * math.sqrt(variance)
    return Nps(total, promoters, passives, detractors, 100 * (p - d), margin)


def band(score: float) -> str:
    """How the field reads a score: below 0 ``improve``, then ``good``, ``very_good``, ``world``."""
    limits = ((0, "improve"), (30, "good"), (70, "very_good"))
    return next((word for limit, word in limits if score < limit), "world")
