#!/usr/bin/env python3
"""How long a whole vendor's data takes from its files to every account's score of every day.

    bench/crm5.py [--size small|full]

Imports docs/guide/examples/crm5.yaml (544 accounts, 12,663 subscription lines, 507,969 rows of
usage; small: the first 60 accounts) into an empty installation, brings it into the warehouse, and
scores every day of its two years. The data is looked for beside the clone, or at
BANSO_SHARED_DATA. The last line is one JSON object: seconds of each step and peak memory.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
DATA = Path(os.environ.get("BANSO_SHARED_DATA", ROOT.parent / "shared" / "data")) / "churnsim_crm5"
FILES = ("accounts.csv", "subscriptions.csv", "events_daily.csv")
SMALL_ACCOUNTS = 60


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 2)


def source_dir(size: str, scratch: Path) -> Path:
    """The data itself, or a copy with its first accounts only."""
    if size == "full":
        return DATA
    for name in FILES:
        with (DATA / name).open(newline="") as file, (scratch / name).open("w") as small:
            rows = csv.reader(file)
            writer = csv.writer(small)
            writer.writerow(next(rows))
            writer.writerows(row for row in rows if int(row[0]) < SMALL_ACCOUNTS)
    return scratch


def bring(folder: Path) -> None:
    from banso.connectors.services.projects import import_project
    from banso.workspace.types import SYSTEM

    report = import_project(
        actor=SYSTEM,
        project_file=ROOT / "docs" / "guide" / "examples" / "crm5.yaml",
        source_dir=folder,
        refresh=False,
    )
    if any(run.rejected for run in report.runs):
        sys.exit("Some rows were refused.")


def judge(kind: str, data_dir: Path) -> None:
    from banso.workspace.tasks import do_now
    from banso.workspace.types import SYSTEM

    do_now(actor=SYSTEM, kind=kind, lock_path=data_dir / "worker.lock", show=lambda *progress: None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="small")
    size = parser.parse_args().size
    if not DATA.is_dir():
        sys.exit(f"The data is not at {DATA}; set BANSO_SHARED_DATA.")
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as name:
        data_dir = Path(name)
        os.environ["BANSO_DATA_DIR"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
        from banso.config.cli.prepare import prepare

        prepare(static=False)
        folder = source_dir(size, data_dir)
        imported = seconds(lambda: bring(folder))
        import_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        refreshed = seconds(lambda: judge("health.refresh", data_dir))
        history = seconds(lambda: judge("health.history", data_dir))
    figures = {
        "benchmark": "crm5",
        "size": size,
        "import_seconds": imported,
        "import_peak_mb": import_mb,
        "refresh_seconds": refreshed,
        "history_seconds": history,
        "whole_seconds": round(imported + refreshed + history, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
