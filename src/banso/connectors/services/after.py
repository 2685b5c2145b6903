"""What follows an import: the accounts are measured and scored again."""

from __future__ import annotations

from banso.health.services.compute.pulses import ensure_all_pulses
from banso.health.services.requests import request_history, request_refresh


def refresh_health() -> None:
    """Show new accounts in lists, and ask for measuring, scoring and the history; one of each."""
    ensure_all_pulses()
    request_refresh()
    request_history()
