"""How deeply a customer works with the product, apart from anything that happens to it.

Most customers are neither model users nor lost: this lasting trait makes the middle of the
portfolio, in seats used, days worked, features taken up and in how content people are.
"""

from __future__ import annotations

import numpy as np

from banso.connectors.demo.fates import Cause, Fates
from banso.connectors.demo.randomness import stream
from banso.connectors.demo.timeline import Floats

_SHAPE = (1.08, 1.1)
"""Beta distribution: mean 0.5, a quarter below 0.26."""

_EXPANDING_FLOOR = 0.75
"""Nobody buys more of what he does not use."""


def draw_engagement(fates: Fates, seed: int) -> Floats:
    """Depth of use per account, 0 to 1."""
    rng = stream(seed, "engagement")
    depth = rng.beta(*_SHAPE, len(fates.cause))
    growing = fates.is_cause(Cause.EXPANDING)
    return np.where(growing, _EXPANDING_FLOOR + (1 - _EXPANDING_FLOOR) * depth, depth)
