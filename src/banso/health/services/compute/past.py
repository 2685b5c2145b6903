"""What is known of earlier days when today is judged: from the kept history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from banso.health.rules.query import CHANGE_DAYS
from banso.health.selectors.months import OverrideSpan, computed_on, overridden, override_spans
from banso.health.services.judging import Deck, bands

Floats = NDArray[np.float64]
WEEKS = 13
#: Days before today of the sparkline's points, oldest first, without today.
SPARK = tuple(7 * week for week in range(WEEKS - 1, 0, -1))


@dataclass(frozen=True)
class Past:
    """Scores that counted on earlier days, and their bands as judged then, by days ago."""

    scores: dict[int, Floats]
    bands: dict[int, NDArray[np.int8]]
    overrides: list[OverrideSpan]

    def series(self, days: Collection[int]) -> Floats:
        """Accounts × days of scores, in the order of ``days``."""
        return np.column_stack([self.scores[ago] for ago in days])

    def pick(self, at: NDArray[np.int64]) -> Past:
        """The same of the accounts at some positions."""
        return Past(
            {ago: found[at] for ago, found in self.scores.items()},
            {ago: found[at] for ago, found in self.bands.items()},
            self.overrides,
        )

    def put(self, at: NDArray[np.int64], newer: Past) -> None:
        """Have what is known now of the accounts at some positions."""
        for ago in self.scores:
            self.scores[ago][at] = newer.scores[ago]
            self.bands[ago][at] = newer.bands[ago]


def read_past(deck: Deck, ids: Sequence[int], day: date, ago: Collection[int]) -> Past:
    """The scores of some days ago, overrides included.

    Args:
        ago: numbers of days before ``day``.
    """
    spans = override_spans(ids)
    wanted = {back: day - timedelta(days=back) for back in sorted({*ago, *CHANGE_DAYS, *SPARK})}
    kept = computed_on(ids, set(wanted.values()))
    scores = {back: overridden(kept[then].score, ids, spans, then) for back, then in wanted.items()}
    codes = {back: bands(deck, kept[then].version, scores[back]) for back, then in wanted.items()}
    return Past(scores, codes, spans)
