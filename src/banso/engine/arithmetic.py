"""Metrics made of other metrics, over arrays of whatever shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from banso.engine.definitions import Change, Definition, Greatest, Leaf, Ratio
from banso.engine.planning import resolved

Floats: TypeAlias = NDArray[np.float64]
Leaves: TypeAlias = Callable[[Leaf, int], Floats]


def calculated(node: Definition, shift: int, leaves: Leaves) -> Floats:
    """A definition as it stood ``shift`` days before, NaN where empty.

    Args:
        leaves: gives the values of a leaf as they stood some days before; they are left as they
            are.
    """
    match node:
        case Ratio(numerator, denominator, scale):
            above = calculated(resolved(numerator), shift, leaves)
            below = calculated(resolved(denominator), shift, leaves)
            return _divided(above * scale, below)
        case Change(of, days, mode, scale):
            before = calculated(resolved(of), shift + days, leaves)
            difference = (calculated(resolved(of), shift, leaves) - before) * scale
            return _divided(difference, before) if mode == "relative" else difference
        case Greatest(of):
            items = [calculated(resolved(item), shift, leaves) for item in of]
            return reduce(np.fmax, items)
        case _:
            return leaves(node, shift)


def _divided(above: Floats, below: Floats) -> Floats:
    found: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return found
