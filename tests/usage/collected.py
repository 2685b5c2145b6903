"""Requests of senders, laid into the inbox as the door does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from banso.usage.models import EventSource, InboxBatch, UsageBatch
from banso.usage.selectors.batches import batch_rows

RECEIVED = datetime(2026, 4, 15, 3, 0, tzinfo=UTC)


def make_source(name: str = "web", **fields: Any) -> EventSource:
    return EventSource.objects.create(name=name, key=name, created_at=RECEIVED, **fields)


def track(event: str = "Opened", *, key: str, **fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "messageId": key, **fields}


def identify(key: str, **fields: Any) -> dict[str, Any]:
    return {"type": "identify", "messageId": key, **fields}


def group(key: str, group_id: str, **fields: Any) -> dict[str, Any]:
    return {"type": "group", "messageId": key, "groupId": group_id, **fields}


def arrive(
    source: EventSource,
    *messages: dict[str, Any],
    sent_at: str | None = None,
    received_at: datetime = RECEIVED,
) -> InboxBatch:
    """A batch request in the inbox."""
    body = {"batch": list(messages), **({"sentAt": sent_at} if sent_at else {})}
    return InboxBatch.objects.create(
        source=source,
        route="batch",
        received_at=received_at,
        body=json.dumps(body).encode(),
        messages=len(messages),
    )


def rows() -> list[dict[str, Any]]:
    """All live rows of usage."""
    batches = UsageBatch.objects.filter(kind="live").order_by("id")
    return [row for batch in batches for row in batch_rows(batch.pk).to_pylist()]
