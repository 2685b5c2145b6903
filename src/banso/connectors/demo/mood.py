"""How content an account is, which shows in surveys, ratings and what people say on the phone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.randomness import stream
from banso.connectors.demo.timeline import Floats

_DROPS = {
    Cause.CHAMPION_LEFT: 0.22,
    Cause.SLOW_DISENGAGEMENT: 0.22,
    Cause.FAILED_ONBOARDING: 0.40,
    Cause.SUPPORT_CRISIS: 0.50,
    # Price and competition are felt, but only a little is said: these accounts look healthy.
    Cause.PRICE: 0.12,
    Cause.COMPETITOR: 0.15,
    Cause.RECOVERED: 0.30,
    Cause.CONTRACTING: 0.10,
}
_SINKING_DAYS = 45


@dataclass(frozen=True)
class Moods:
    """Contentment from 0 to 1; most accounts live between 0.6 and 0.95."""

    base: Floats
    fates: Fates

    def at(self, index: int, day: int) -> float:
        """Contentment of an account on a day (offset from today)."""
        since = day - int(self.fates.onset[index])
        if since <= 0:
            return float(self.base[index])
        drop = _DROPS.get(CAUSES[int(self.fates.cause[index])], 0.0)
        depth = min(since / _SINKING_DAYS, 1.0)
        if day > self.fates.recover_on[index]:
            back = day - int(self.fates.recover_on[index])
            depth *= max(0.0, 1 - back / _SINKING_DAYS)
        return float(self.base[index]) - drop * depth


def draw_moods(fates: Fates, engagement: Floats, seed: int) -> Moods:
    """A lasting temper per account; those who use it deeply and grow are the happier ones."""
    rng = stream(seed, "moods")
    base = 0.58 + 0.31 * engagement + rng.normal(0, 0.07, len(fates.cause))
    growing = fates.is_cause(Cause.EXPANDING)
    return Moods(np.clip(base + np.where(growing, 0.05, 0.0), 0.0, 1.0), fates)
