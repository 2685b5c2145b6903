"""The score of every account on every day of a year, against one recompute and against writing it.

Banso's side reads the roll-ups, computes the metrics of the default scorecard for each day and
judges them, chunk by chunk. Some days are compared with the recompute of that day before anything
is timed. The other sides are the recompute of one day (``bench/recompute.py``) and putting as many
rows of account, day and score into a DuckDB table. Prints one JSON object as its last line.

    .venv/bin/python bench/history.py --size small|full --cache /tmp/banso-bench
"""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from generator import AS_OF, DAYS, FIRST_DAY, SIZES, Size, prepared
from numpy.typing import NDArray
from recompute import KNOWN, judged, verdict
from standard import KEYS, SCORECARD
from timing import peak_mb, seconds

from banso.engine.evaluate import evaluate
from banso.engine.history import HistoryChunk, history_map
from banso.engine.warehouse import Warehouse
from banso.health.rules import scorecard

CHECKED_DAYS = (0, 100, 364)
ROUNDS = {"small": 5, "full": 1}


def scores(warehouse: Warehouse, size: Size) -> NDArray[np.float32]:
    """Accounts × days."""
    keys = SCORECARD.metric_keys()
    found = np.empty((size.accounts, DAYS), dtype=np.float32)

    def judge(chunk: HistoryChunk) -> None:
        found[chunk.accounts] = scorecard.score(SCORECARD, chunk.values).score

    for _ in history_map(judge, warehouse, KNOWN, keys, size.ids, FIRST_DAY, AS_OF):
        pass
    return found


def assert_equal(warehouse: Warehouse, size: Size, found: NDArray[np.float32]) -> None:
    """Fail where the history of a day differs from the recompute of that day."""
    for place in CHECKED_DAYS:
        day = FIRST_DAY + timedelta(days=place)
        one = verdict(evaluate(warehouse, KNOWN, KEYS, day, size.ids)).score
        np.testing.assert_allclose(found[:, place], one, atol=1e-4, err_msg=str(day))


def write(size: Size, found: NDArray[np.float32], folder: Path) -> int:
    """Put the scores into a table, one row per account and day, and tell how many there are."""
    with duckdb.connect(str(folder / "scores.duckdb")) as connection:
        account_id = np.repeat(np.array(size.ids), DAYS)
        day = np.tile(np.datetime64(FIRST_DAY, "D") + np.arange(DAYS), size.accounts)
        rows = {"account_id": account_id, "day": day.astype("M8[s]"), "score": found.ravel()}
        connection.register("rows", rows)
        connection.execute(
            "CREATE TABLE scores AS SELECT account_id, CAST(day AS DATE) AS day, score FROM rows"
        )
        return len(account_id)


def measure(warehouse: Warehouse, size: Size, rounds: int, folder: Path) -> dict[str, Any]:
    """Seconds and ratios of one run."""
    past = scores(warehouse, size)
    peak = peak_mb()
    assert_equal(warehouse, size, past)
    ours = min(seconds(lambda: scores(warehouse, size)) for _ in range(rounds))
    one = sorted(seconds(lambda: judged(warehouse, size.ids)) for _ in range(5))[2]
    rows = size.accounts * DAYS
    written = seconds(lambda: write(size, past, folder))
    return {
        "rows": rows,
        "scored": int(np.count_nonzero(~np.isnan(past))),
        "history_s": round(ours, 3),
        "recompute_s": round(one, 4),
        "write_s": round(written, 3),
        "ratio_to_recompute": round(ours / one, 1),
        "ratio_to_writing": round(ours / written, 2),
        "peak_mb": peak,
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", choices=SIZES, default="small")
    arguments.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "banso-bench"))
    chosen = arguments.parse_args()
    size = SIZES[chosen.size]
    with (
        tempfile.TemporaryDirectory(dir=chosen.cache) as folder,
        Warehouse.open(prepared(size, chosen.cache)) as warehouse,
    ):
        result = measure(warehouse, size, ROUNDS[chosen.size], Path(folder))
    print(json.dumps({"bench": "history", "size": chosen.size, **result}))


if __name__ == "__main__":
    main()
