"""How log lines look: one event per line, key=value, in UTC."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog

_render = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)


def renderer(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    """Render one record of the standard library's or structlog's loggers."""
    record = event.pop("_record", None)
    event.pop("_from_structlog", None)
    if record is not None:
        event.setdefault("level", record.levelname.lower())
        event.setdefault("logger", record.name)
    line = _render(logger, name, _stamp(logger, name, event))
    return line if isinstance(line, str) else line.decode()
