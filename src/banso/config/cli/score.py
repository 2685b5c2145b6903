"""``banso score``: every account's score, band, coverage and measures, for any day."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import date

from banso.config.cli.prepare import prepare
from banso.kit.errors import InvalidInputError


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


def run(options: argparse.Namespace) -> int:
    day = _day(options.as_of)
    prepare(static=False)
    from django.conf import settings

    from banso.health.services import compute
    from banso.workspace.tasks import only_worker

    with only_worker(settings.DATA_DIR / "worker.lock"):
        rows = compute.score_rows(as_of=day, account_ref=options.account)
    if options.format == "json":
        json.dump(rows, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    flat = [{**row, **row["measures"]} for row in rows]
    for row in flat:
        del row["measures"]
    if flat:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(flat[0]))
        writer.writeheader()
        writer.writerows(flat)
    return 0
