"""Messages as senders write them."""

from __future__ import annotations

from itertools import count
from typing import Any

_numbers = count(1)


def track(**more: Any) -> dict[str, Any]:
    """An ordinary message with an id of its own."""
    return {
        "type": "track",
        "messageId": f"message-{next(_numbers)}",
        "userId": "user-1",
        "event": "Report Opened",
        "timestamp": "2026-04-15T02:59:00.000Z",
        **more,
    }


def batch(*messages: Any, **more: Any) -> dict[str, Any]:
    """A request of many messages."""
    return {"batch": list(messages), "sentAt": "2026-04-15T03:00:00.000Z", **more}
