"""Backups taken while others write, and what comes out of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.installation import Installation, kill
from tests.reliability.killed_imports import write_accounts


@dataclass(slots=True)
class Outcome:
    """What backups gave back.

    ``torn`` counts backups that hold half of a transaction; ``written_meanwhile`` the rows that
    went in while they were taken, which shows that the writer did not have to wait.
    """

    backups: int = 0
    torn: int = 0
    written_meanwhile: int = 0
    longest_backup_seconds: float = 0
    longest_restore_seconds: float = 0
    differs: list[str] = field(default_factory=list)


def back_up_while_writing(
    installation: Installation,
    folder: Path,
    *,
    backups: int,
    rows: int = 100_000,
    tell: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Take backups while an import runs, restore each into an empty place and look at it."""
    outcome = Outcome()
    file = folder / "crm.csv"
    write_accounts(file, rows)
    installation.command("user", "ann@banso.example", "--generate")
    writer = installation.start("import", "accounts", str(file), "--no-score")
    archives: list[Path] = []
    try:
        _wait_for_rows(installation)
        while len(archives) < backups and writer.poll() is None:
            archives.append(_back_up(installation, folder / f"{len(archives)}.tar.gz", outcome))
            tell(f"backup {len(archives)}: {_rows(installation):,} rows are in")
    finally:
        kill(writer)
    for archive in archives:
        _restore(archive, outcome)
    return outcome


def _back_up(installation: Installation, archive: Path, outcome: Outcome) -> Path:
    before, began = _rows(installation), time.monotonic()
    installation.command("backup", str(archive))
    took = round(time.monotonic() - began, 1)
    outcome.longest_backup_seconds = max(outcome.longest_backup_seconds, took)
    outcome.written_meanwhile += _rows(installation) - before
    outcome.backups += 1
    return archive


def _restore(archive: Path, outcome: Outcome) -> None:
    restored = Installation(archive.with_suffix(".restored"))
    began = time.monotonic()
    restored.command("restore", str(archive))
    took = round(time.monotonic() - began, 1)
    outcome.longest_restore_seconds = max(outcome.longest_restore_seconds, took)
    outcome.torn += not _is_one_state(restored)
    if "whole" not in restored.command("audit"):
        outcome.differs.append(f"audit log of {archive.name}")


def _is_one_state(restored: Installation) -> bool:
    """Rows, what is kept for undoing them, and the checkpoint are written in one transaction."""
    accounts = _rows(restored)
    keys = restored.query("SELECT count(*) FROM accounts_accountkey")[0][0]
    changes = restored.query("SELECT count(*) FROM connectors_importchange")[0][0]
    checkpoint = restored.query("SELECT max(checkpoint) FROM connectors_importrun")[0][0]
    return bool(accounts == keys == changes == checkpoint)


def _rows(installation: Installation) -> int:
    found = installation.query("SELECT count(*) FROM accounts_account")
    return int(found[0][0]) if found else 0


def _wait_for_rows(installation: Installation) -> None:
    deadline = time.monotonic() + 60
    while not _rows(installation):
        assert time.monotonic() < deadline, "The import did not begin within a minute."
        time.sleep(0.05)
