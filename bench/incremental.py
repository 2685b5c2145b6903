"""Metrics of the accounts that events have just touched, against those of all accounts.

The standard metrics (``bench/standard.py``) of 1, 100 and 10,000 accounts, drawn with the chance
that an event is theirs, judged by the default scorecard; the full recompute in the same run. Prints
one JSON object as its last line.

    .venv/bin/python bench/incremental.py --size small|full --cache /tmp/banso-bench
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from generator import AS_OF, SIZES, Size, prepared
from recompute import judged
from timing import medians, peak_mb

from banso.engine.warehouse import Warehouse

TOUCHED = (1, 100, 10_000)
ROUNDS = {"small": 15, "full": 11}
BUSIEST = f"""
SELECT account_id, CAST(sum(events) AS DOUBLE) AS events FROM account_days
WHERE day = DATE '{AS_OF}' GROUP BY account_id ORDER BY account_id
"""


def touched(warehouse: Warehouse, count: int) -> list[int]:
    """Different accounts, those with many events first to be hit."""
    today = warehouse.query(BUSIEST)
    events = today["events"].to_numpy()
    found = np.random.default_rng(7).choice(
        today["account_id"].to_numpy(),
        min(count, len(events)),
        replace=False,
        p=events / events.sum(),
    )
    return sorted(found.tolist())


def measure(warehouse: Warehouse, size: Size, rounds: int) -> dict[str, Any]:
    groups: dict[int, Sequence[int]] = {n: touched(warehouse, n) for n in TOUCHED}
    ways = {str(n): partial(judged, warehouse, ids) for n, ids in groups.items()}
    times = medians({"full": partial(judged, warehouse, size.ids), **ways}, rounds)
    return {
        "full_s": round(times["full"], 4),
        **{f"touched_{n}_accounts": len(ids) for n, ids in groups.items()},
        **{f"touched_{n}_ms": round(1000 * times[str(n)], 1) for n in TOUCHED},
        **{f"touched_{n}_ratio": round(times[str(n)] / times["full"], 3) for n in TOUCHED},
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="small")
    arguments.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "banso-bench"))
    chosen = arguments.parse_args()
    size = SIZES[chosen.size]
    with Warehouse.open(prepared(size, chosen.cache)) as warehouse:
        result = measure(warehouse, size, ROUNDS[chosen.size])
    print(json.dumps({"bench": "incremental", "size": chosen.size, **result, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
