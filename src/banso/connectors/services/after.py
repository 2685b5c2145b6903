"""What follows an import: the accounts are measured and scored again."""

from __future__ import annotations

from banso.health.services.requests import request_history, request_refresh


def refresh_health() -> None:
    """Ask for measuring, scoring and the history that the data allows; one of each waits."""
    request_refresh()
    request_history()
