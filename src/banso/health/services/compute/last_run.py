"""What the last run over all accounts knew, left for the thread that judges single accounts."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np

from banso.health.services.compute.assessment import Assessment


@dataclass(frozen=True)
class LastRun:
    """An assessment of everybody, and when (monotonic clock) its facts began to be read."""

    found: Assessment
    began: float


_lock = threading.Lock()
_left: list[LastRun] = []


def leave(found: Assessment, began: float) -> None:
    """Leave what a run knew in the place of what the one before left."""
    # Values change with every event and those of earlier days are large: only keys are wanted.
    keys = {key: np.empty(0) for key in found.picture.values}
    picture = replace(found.picture, values=keys, earlier={})
    with _lock:
        _left[:] = [LastRun(replace(found, picture=picture), began)]


def take() -> LastRun | None:
    """What a run left, once."""
    with _lock:
        return _left.pop() if _left else None
