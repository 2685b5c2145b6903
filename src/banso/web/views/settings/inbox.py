"""How far the worker is behind with events, for the strip on several pages."""

from __future__ import annotations

from typing import Any

from banso.usage.selectors.arrivals import inbox_state
from banso.workspace.selectors import live_workers


def inbox_context() -> dict[str, Any]:
    """What lies between the door and the worker; for the strip above the list."""
    state, workers = inbox_state(), live_workers()
    tone = state.tone if workers else "danger"
    return {
        "inbox": state,
        "inbox_tone": tone,
        "lag": state.lag.total_seconds(),
        "workers": workers,
    }
