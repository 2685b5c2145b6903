"""Asking the worker to judge; requests that wait are one."""

from __future__ import annotations

from datetime import date

from banso.health.selectors.due import due_accounts
from banso.workspace.services import jobs
from banso.workspace.types import SYSTEM, Actor

REFRESH, HISTORY, REBUILD = "health.refresh", "health.history", "health.rebuild"
NIGHTLY, SCORE = "health.nightly", "health.score"
COMPACT, RETENTION = "health.compact", "health.retention"
TRY_METRIC, TRY_RULE = "health.try_metric", "health.try_rule"


def request_refresh(actor: Actor = SYSTEM) -> None:
    """Have what is new brought in and today judged soon."""
    jobs.start(actor=actor, kind=REFRESH, key=REFRESH)


def request_history(actor: Actor = SYSTEM, start: date | None = None) -> None:
    """Have the history filled soon, from its first day unless told otherwise."""
    key = f"{HISTORY}:{start}" if start else HISTORY
    params = {"from": start.isoformat()} if start else {}
    jobs.start(actor=actor, kind=HISTORY, key=key, params=params)


def is_measuring() -> bool:
    """Whether accounts are being judged, or will be as soon as a worker is free."""
    return bool(due_accounts(1)) or jobs.is_under_way(REFRESH, HISTORY, REBUILD)
