"""The standard metrics of all accounts on one day: Banso, SQL by hand, and a scan of all events.

Banso's side is the call that the worker makes (execution), and that call with the verdict of the
default scorecard (end to end); the other side is one statement written by hand
(``bench/byhand.py``), and for end to end that statement with the same verdict. Results are compared
cell by cell before anything is timed. The scan reads two columns of all raw events. Prints one JSON
object as its last line.

    .venv/bin/python bench/recompute.py --size small|full --cache /tmp/banso-bench
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import byhand
import numpy as np
import pyarrow as pa
from generator import AS_OF, SIZES, Size, prepared
from standard import KEYS, SCORECARD, catalogue
from timing import medians, peak_mb

from banso.engine.evaluate import evaluate, requested
from banso.engine.warehouse import Warehouse
from banso.health.rules import scorecard

KNOWN = catalogue()
SCAN = f"SELECT sum(account_id), count(*) FILTER (ts > TIMESTAMP '{AS_OF}') FROM raw_events"
ROUNDS = {"small": 15, "full": 7}


def values(warehouse: Warehouse, ids: Sequence[int]) -> pa.Table:
    """The standard metrics of accounts, by Banso."""
    return evaluate(warehouse, KNOWN, KEYS, AS_OF, ids)


def judged(warehouse: Warehouse, ids: Sequence[int]) -> scorecard.Scored:
    """The verdict over accounts, by Banso from beginning to end."""
    return verdict(values(warehouse, ids))


def verdict(table: pa.Table) -> scorecard.Scored:
    """What the default scorecard says of values in the order of ``KEYS``."""
    columns = zip(KEYS, table.columns[1:], strict=True)
    return scorecard.score(SCORECARD, {key: _floats(column) for key, column in columns})


def by_hand(warehouse: Warehouse, ids: Sequence[int]) -> pa.Table:
    """The standard metrics of accounts, by hand."""
    return byhand.run(warehouse, requested(ids), AS_OF)


def _floats(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def assert_equal(ours: pa.Table, theirs: pa.Table) -> None:
    """Fail where a cell differs by more than a rounding error."""
    for key, mine, other in zip(KEYS, ours.columns[1:], theirs.columns[1:], strict=True):
        np.testing.assert_allclose(_floats(mine), _floats(other), rtol=1e-9, err_msg=key)


def measure(warehouse: Warehouse, size: Size, rounds: int) -> dict[str, Any]:
    """Seconds and ratios of one run."""
    ids = size.ids
    assert_equal(values(warehouse, ids), by_hand(warehouse, ids))
    times = medians(
        {
            "ours": lambda: values(warehouse, ids),
            "hand": lambda: by_hand(warehouse, ids),
            "ours_judged": lambda: judged(warehouse, ids),
            "hand_judged": lambda: verdict(by_hand(warehouse, ids)),
            "scan": lambda: warehouse.query(SCAN),
        },
        rounds,
    )
    return {
        **{f"{name}_s": round(value, 4) for name, value in times.items()},
        "ratio_execution": round(times["ours"] / times["hand"], 3),
        "ratio_end_to_end": round(times["ours_judged"] / times["hand_judged"], 3),
        "ratio_to_scan": round(times["ours"] / times["scan"], 2),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="small")
    arguments.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "banso-bench"))
    chosen = arguments.parse_args()
    size = SIZES[chosen.size]
    with Warehouse.open(prepared(size, chosen.cache)) as warehouse:
        result = measure(warehouse, size, ROUNDS[chosen.size])
    scored = {"bench": "recompute", "size": chosen.size, "accounts": size.accounts}
    print(json.dumps({**scored, "metrics": len(KEYS), **result, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
