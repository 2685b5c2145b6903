"""A small company's data as files: enough for scores, signals and a history."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import yaml

from tests.reliability.installation import Installation

ACCOUNTS, DAYS = 40, 120
LAST_DAY = date(2026, 3, 31)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def write_company(folder: Path, *, accounts: int = ACCOUNTS, days: int = DAYS) -> Path:
    """Write the files and return the project that brings them in."""
    folder.mkdir(parents=True, exist_ok=True)
    start = LAST_DAY - timedelta(days=days - 1)
    _write(
        folder / "accounts.csv",
        ["account_id", "name", "segment"],
        [(f"A{n}", f"会社{n}", "SMB" if n % 2 else "Enterprise") for n in range(accounts)],
    )
    _write(
        folder / "subscriptions.csv",
        ["subscription_id", "account", "product", "start", "mrr", "seats"],
        [(f"S{n}", f"A{n}", "Core", start, 10_000 * (n + 1), 20) for n in range(accounts)],
    )
    _write(
        folder / "usage.csv",
        ["account", "user", "day", "feature", "events"],
        [
            (f"A{n}", f"u{user}", start + timedelta(days=day), ("login", "report")[user % 2], 3)
            for n in range(accounts)
            for day in range(days)
            for user in range(1 + n % 3)
            # Some accounts fade, some never come, so that scores differ.
            if n % 7 and (n % 5 or day < days // 2)
        ],
    )
    files = [
        {"file": "accounts.csv", "kind": "accounts", "columns": _same("name", "segment")
         | {"external_id": "account_id"}},
        {"file": "subscriptions.csv", "kind": "subscriptions",
         "columns": _same("account", "product", "mrr", "seats")
         | {"external_id": "subscription_id", "start_on": "start"}},
        {"file": "usage.csv", "kind": "usage",
         "columns": _same("account", "user", "day", "feature", "events")},
    ]  # fmt: skip
    project = folder / "project.yaml"
    project.write_text(yaml.safe_dump({"source": "crm", "as_of": "last", "files": files}))
    return project


def bring_company(
    installation: Installation, folder: Path, *, score: bool = True, days: int = DAYS
) -> None:
    """Import the small company, and score it on every day."""
    project = write_company(folder, days=days)
    installation.command("import", "all", str(project), *(() if score else ("--no-score",)))


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}
