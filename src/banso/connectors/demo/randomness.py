"""Reproducible chance: every part of the simulator has its own stream, named by what it decides.

A stream depends on the seed and its own name only, so that a change in one part (say, tickets)
leaves every other file as it was.
"""

from __future__ import annotations

import random
from zlib import crc32

import numpy as np


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A numpy generator for whole columns."""
    return np.random.default_rng([seed, crc32(purpose.encode())])


def dice(seed: int, purpose: str, number: int) -> random.Random:
    """A small generator for the decisions about one account."""
    return random.Random(f"{seed}:{purpose}:{number}")  # noqa: S311 - a simulation, no secret
