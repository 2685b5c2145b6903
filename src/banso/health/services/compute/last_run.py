"""What the last run over all accounts knew, left for the thread that judges single accounts."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

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
    # The values of earlier days are large, and nobody wants them.
    picture = replace(found.picture, earlier={})
    with _lock:
        _left[:] = [LastRun(replace(found, picture=picture), began)]


def take() -> LastRun | None:
    """What a run left, once."""
    with _lock:
        return _left.pop() if _left else None
