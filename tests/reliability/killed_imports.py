"""An import whose process is killed again and again, and what is left in the end."""

from __future__ import annotations

import csv
import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.installation import BOOKKEEPING, Installation, kill

CHUNK = 500
#: Columns that say when something happened, not what is so.
MOMENTS = ("updated_at",)


@dataclass(slots=True)
class Outcome:
    """What an import that was killed did, against what it should have done."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    undo_differs: tuple[str, ...] = ()
    runs: int = 0


def write_accounts(path: Path, rows: int, *, employees: int = 0) -> None:
    """A file of accounts; every row says something that no other says."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["account_id", "name", "employees", "industry", "segment"])
        for n in range(rows):
            size = employees + n
            writer.writerow([f"A{n:07}", f"会社 {n:07}", size, f"業種{n % 30}", "SMB"])


def kill_an_import(
    installation: Installation,
    folder: Path,
    *,
    rows: int,
    kills: int,
    seed: int,
    tell: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Import over existing accounts, kill the process ``kills`` times, let it end, then undo it.

    A fifth of the rows exists already with other numbers, so that there is something to lose.
    """
    before_file, file = folder / "crm.csv", folder / "next" / "crm.csv"
    file.parent.mkdir()
    write_accounts(before_file, rows // 5)
    write_accounts(file, rows, employees=1_000_000)
    installation.command("import", "accounts", str(before_file), "--no-score")
    before = _facts(installation)
    outcome = Outcome()
    chance = random.Random(seed)
    command = ("import", "accounts", str(file), "--no-score")
    while outcome.kills < kills:
        process = installation.start(*command)
        _wait_for_a_moment(installation, process, chance, rows, kills)
        if not kill(process):
            break
        outcome.kills += 1
        if outcome.kills % 10 == 0:
            tell(f"{outcome.kills} kills, {_checkpoint(installation):,} rows in")
    if _status(installation) != "done":
        installation.command(*command)
    _compare(installation, rows, outcome)
    run = installation.query("SELECT uid FROM connectors_importrun ORDER BY id DESC LIMIT 1")[0][0]
    _undo(installation, str(run))
    after = _facts(installation)
    outcome.undo_differs = tuple(name for name in before if before[name] != after.get(name))
    return outcome


def _undo(installation: Installation, uid: str) -> None:
    """Take the import back, in a process of its own."""
    script = (
        "from uuid import UUID\n"
        "from banso.connectors.selectors import run_by_uid\n"
        "from banso.connectors.services.undo import undo_import\n"
        "from banso.workspace.types import SYSTEM\n"
        f"report = undo_import(actor=SYSTEM, run=run_by_uid(UUID('{uid}')), refresh=False)\n"
        "assert not report.skipped, report.skipped\n"
    )
    installation.python(script)


def _facts(installation: Installation) -> dict[str, tuple[int, str]]:
    return installation.checksums(without=BOOKKEEPING, blind=MOMENTS)


def _checkpoint(installation: Installation) -> int:
    found = installation.query("SELECT checkpoint FROM connectors_importrun ORDER BY id DESC")
    return int(found[0][0]) if found else 0


def _status(installation: Installation) -> str:
    return str(installation.query("SELECT status FROM connectors_importrun ORDER BY id DESC")[0][0])


def _wait_for_a_moment(
    installation: Installation,
    process: subprocess.Popen[str],
    chance: random.Random,
    rows: int,
    kills: int,
) -> None:
    """Wait until some chunks are in and then a little; one time in five, any moment will do."""
    if chance.random() < 0.2:
        # Few rows are all in before long.
        time.sleep(chance.uniform(0, min(3, 1 + rows / 20_000)))
        return
    start = _checkpoint(installation) if _status(installation) == "running" else 0
    chunks = max(1, round(chance.uniform(0, 2) * rows / CHUNK / kills * 0.8))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        if (
            _status(installation) == "running"
            and _checkpoint(installation) >= start + chunks * CHUNK
        ):
            break
        time.sleep(0.003)
    time.sleep(chance.uniform(0, 0.03))


def _compare(installation: Installation, rows: int, outcome: Outcome) -> None:
    found = installation.query(
        "SELECT k.external_id, a.name, a.employees, a.industry FROM accounts_accountkey k"
        " JOIN accounts_account a ON a.id = k.account_id"
    )
    expected = {f"A{n:07}": (f"会社 {n:07}", 1_000_000 + n, f"業種{n % 30}") for n in range(rows)}
    kept = {external_id: tuple(rest) for external_id, *rest in found}
    accounts = installation.query("SELECT count(*) FROM accounts_account")[0][0]
    outcome.lost = len(expected.keys() - kept.keys())
    outcome.doubled = max(len(found), accounts) - len(kept)
    outcome.wrong = sum(1 for key, value in expected.items() if kept.get(key, value) != value)
    outcome.runs = installation.query("SELECT count(*) FROM connectors_importrun")[0][0] - 1
    changes = installation.query(
        "SELECT count(*), count(DISTINCT row) FROM connectors_importchange WHERE run_id ="
        " (SELECT max(id) FROM connectors_importrun)"
    )[0]
    assert changes == (rows, rows), f"{changes} changes and rows for {rows} rows"
