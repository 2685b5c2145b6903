"""``banso score``: every account's score, band, coverage and measures, for any day."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import date
from typing import Any

from banso.config.cli.prepare import prepare
from banso.kit.errors import InvalidInputError

#: The columns before the measures, as ``score_rows`` gives them.
COLUMNS = (
    "account", "uid", "name", "as_of", "is_customer", "score", "unrounded", "band", "coverage",
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="DATE", help="a past day, as 2024-01-31")
    parser.add_argument(
        "--account", metavar="ID", help="one account: its id, or its id in your files"
    )
    parser.add_argument("--format", choices=["csv", "json"], default="csv")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInputError(
            f"“{text}” is not a day.", remedy="Write it as 2024-01-31."
        ) from None


def _print_csv(rows: list[dict[str, Any]]) -> None:
    """One line an account; the columns are those of all scorecards together."""
    flat = [{**row, **row["measures"]} for row in rows]
    # PostgreSQL keeps no order in the result of a job: each measure stands before its points.
    measures = sorted(
        {name for row in rows for name in row["measures"]},
        key=lambda name: (name.removesuffix("_points"), name),
    )
    writer = csv.DictWriter(sys.stdout, fieldnames=[*COLUMNS, *measures], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(flat)


def run(options: argparse.Namespace) -> int:
    day = _day(options.as_of)
    prepare(static=False)
    from django.conf import settings

    from banso.health.services.requests import SCORE
    from banso.workspace.tasks import do_now
    from banso.workspace.types import SYSTEM

    job = do_now(
        actor=SYSTEM,
        kind=SCORE,
        params={"as_of": day.isoformat() if day else None, "account": options.account},
        lock_path=settings.DATA_DIR / "worker.lock",
    )
    rows = (job.result or {})["rows"]
    # The list of jobs keeps what was done, not a copy of every score that was printed.
    job.result = {"accounts": len(rows)}
    job.save(update_fields=["result"])
    if options.format == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    _print_csv(rows)
    return 0
