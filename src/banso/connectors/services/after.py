"""What follows an import: the accounts are measured and scored again."""

from __future__ import annotations

from banso.workspace.services import jobs
from banso.workspace.types import SYSTEM

REFRESH, HISTORY = "health.refresh", "health.history"


def refresh_health() -> None:
    """Queue measuring, scoring and the history that the new data allows; one waits at most."""
    for kind in (REFRESH, HISTORY):
        jobs.start(actor=SYSTEM, kind=kind, key=kind)
