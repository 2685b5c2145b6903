"""Metrics made of other metrics, over every day of a span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from banso.engine.definitions import Change, Definition, Greatest, Leaf, Ratio
from banso.engine.history.rows import Floats
from banso.engine.planning import resolved


@dataclass(frozen=True)
class Calculation:
    """The arithmetic above the leaves, on slices of their histories.

    Each leaf begins its longest shift before the span and ends with it; ``days`` is the span's.
    """

    leaves: Mapping[Leaf, Floats]
    shifts: Mapping[Leaf, int]
    days: int

    def value(self, node: Definition, shift: int) -> Floats:
        """A definition over the span as it stood ``shift`` days before each of its days."""
        match node:
            case Ratio(numerator, denominator, scale):
                above = self.value(resolved(numerator), shift)
                below = self.value(resolved(denominator), shift)
                return _divided(above * scale, below)
            case Change(of, days, mode, scale):
                before = self.value(resolved(of), shift + days)
                difference = (self.value(resolved(of), shift) - before) * scale
                return _divided(difference, before) if mode == "relative" else difference
            case Greatest(of):
                items = [self.value(resolved(item), shift) for item in of]
                return reduce(np.fmax, items)
            case _:
                offset = self.shifts[node] - shift
                return self.leaves[node][:, offset : offset + self.days]


def _divided(above: Floats, below: Floats) -> Floats:
    found: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return found
