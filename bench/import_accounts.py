#!/usr/bin/env python3
"""How fast companies go in from a CSV file, with full validation, on SQLite with synchronous=FULL.

    bench/import_accounts.py [--size small|full]

Imports 1,000 (small) or 10,000 (full) rows with 14 columns into an empty installation, then the
same file again. The last line is one JSON object: rows per second of both.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
HEADER = (
    "external_id", "name", "name_kana", "domain", "corporate_number", "industry", "employees",
    "country", "region", "address", "segment", "lifecycle", "customer_since", "channel",
)  # fmt: skip


def corporate_number(index: int) -> str:
    """A valid 法人番号 of our own making."""
    body = f"{index:012d}"
    total = sum(int(d) * (1 + i % 2) for i, d in enumerate(reversed(body)))
    return f"{9 - total % 9}{body}"


def write_file(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for i in range(rows):
            writer.writerow(company(i))


def company(i: int) -> tuple[str, ...]:
    """One row, different in every column that is looked up."""
    return (
        f"A-{i}",
        f"株式会社試験{i}",
        f"カブシキガイシャシケン{i}",
        f"company{i}.example",
        corporate_number(i * 7919),
        "製造業",
        f"{i % 5000 + 1:,}",
        "日本",
        "東京都",
        f"試験町{i}番地",
        "SMB",
        "adoption",
        f"2023/{i % 12 + 1}/{i % 28 + 1}",
        f"channel-{i % 4}",
    )


def import_once(path: Path) -> float:
    """Seconds for one import of the file."""
    from banso.connectors.services.runs import create_import, run_import
    from banso.workspace.types import SYSTEM

    began = time.perf_counter()
    run = create_import(actor=SYSTEM, path=path, source="bench")
    run_import(actor=SYSTEM, run=run, refresh=False)
    if run.rejected:
        sys.exit(f"{run.rejected} rows were refused.")
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["small", "full"], default="small")
    size = parser.parse_args().size
    rows = 10_000 if size == "full" else 1_000
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as name:
        os.environ["BANSO_DATA_DIR"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
        from banso.config.cli.prepare import prepare

        prepare(static=False)
        path = Path(name, "accounts.csv")
        write_file(path, rows)
        first, again = import_once(path), import_once(path)
    figures = {
        "benchmark": "import_accounts",
        "size": size,
        "rows": rows,
        "seconds": round(first, 2),
        "rows_per_second": round(rows / first),
        "again_rows_per_second": round(rows / again),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
