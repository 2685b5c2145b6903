"""Timing several ways of doing one thing turn by turn, and what a process needed at most."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

# On a machine that does other things too, BANSO_BENCH_CLOCK=processor counts the seconds of
# processor time of all threads instead of those on the wall.
_ON_WALL = os.environ.get("BANSO_BENCH_CLOCK", "wall") == "wall"
clock = time.perf_counter if _ON_WALL else time.process_time


def seconds(run: Callable[[], Any]) -> float:
    """How long a call takes."""
    start = clock()
    run()
    return clock() - start


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
