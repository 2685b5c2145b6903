"""A worker that is killed again and again while it measures and scores, and what it leaves."""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.installation import Installation, kill
from tests.reliability.small_company import bring_company

#: What the worker publishes, told apart by the names of accounts and rules, which both have.
PUBLISHED = {
    "pulses": "SELECT a.name, p.as_of, p.score, p.band, p.coverage, p.change_7, p.change_28,"
    " p.measures, p.metrics, p.arr_minor, p.active_users, p.last_active_on, p.risks_open"
    " FROM health_pulse p JOIN accounts_account a ON a.id = p.account_id ORDER BY 1",
    "history": "SELECT a.name, m.month, m.payload FROM health_scoremonth m"
    " JOIN accounts_account a ON a.id = m.account_id ORDER BY 1, 2",
    "signals": "SELECT a.name, r.key, s.status, s.since, s.last_seen_on FROM health_signal s"
    " JOIN accounts_account a ON a.id = s.account_id"
    " JOIN health_signalrule r ON r.id = s.rule_id ORDER BY 1, 2, 4",
    "profiles": "SELECT a.name, p.last_active_on, p.payload FROM usage_usageprofile p"
    " JOIN accounts_account a ON a.id = p.account_id ORDER BY 1",
    "timeline": "SELECT a.name, t.kind, t.title FROM accounts_activity t"
    " JOIN accounts_account a ON a.id = t.account_id ORDER BY 1, 2, 3",
}
ASK = """
from banso.connectors.services.after import refresh_health
refresh_health()
"""


@dataclass(slots=True)
class Outcome:
    """What became of the work of a worker that was killed, against one that was not."""

    kills: int = 0
    while_working: int = 0
    unfinished: int = 0
    differs: tuple[str, ...] = ()


def kill_the_worker(
    installation: Installation,
    *,
    kills: int,
    seed: int,
    longest: float = 1.0,
    tell: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Bring in a company, have it scored by workers that are killed, and compare."""
    outcome = Outcome()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        whole = Installation(Path(name) / "whole")
        for place in (whole, installation):
            bring_company(place, Path(name) / "files", score=False)
            _ask(place)
        whole.command("worker", "--once")
        for _ in range(kills):
            worker = installation.start("worker")
            outcome.while_working += _wait_for_work(installation, worker)
            time.sleep(chance.uniform(0, longest))
            outcome.kills += kill(worker)
            _let_it_be_found_dead(installation)
            if not _waiting(installation):
                # All was done in spite of the kills: ask for it once more.
                _ask(installation)
            tell(f"kill {outcome.kills}, {outcome.while_working} while working")
        installation.command("worker", "--once")
        outcome.unfinished = _waiting(installation)
        outcome.differs = tuple(
            name
            for name, statement in PUBLISHED.items()
            if whole.query(statement) != installation.query(statement)
        )
    return outcome


def _ask(place: Installation) -> None:
    """Queue what an import in the browser queues."""
    place.python(ASK)


def _waiting(installation: Installation) -> int:
    found = installation.query(
        "SELECT count(*) FROM workspace_job WHERE status IN ('queued', 'running')"
    )
    return int(found[0][0])


def _wait_for_work(installation: Installation, worker: subprocess.Popen[str]) -> bool:
    deadline = time.monotonic() + 20
    working = "SELECT count(*) FROM workspace_job WHERE status = 'running'"
    while time.monotonic() < deadline and worker.poll() is None:
        if installation.query(working) != [(0,)]:
            return True
        time.sleep(0.01)
    return False


def _let_it_be_found_dead(installation: Installation) -> None:
    """As if half a minute had passed, after which a worker without a sign of life is dead."""
    installation.execute("DELETE FROM workspace_workerheartbeat")
