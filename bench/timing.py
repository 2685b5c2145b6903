"""Timing several ways of doing one thing turn by turn, and what a process needed at most."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def seconds(run: Callable[[], Any]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def medians(ways: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median seconds of each way, run one after the other in every round after a first one."""
    for run in ways.values():
        run()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, run in ways.items():
            gc.collect()
            found[name].append(seconds(run))
    return {name: statistics.median(times) for name, times in found.items()}


def peak_mb() -> int:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
