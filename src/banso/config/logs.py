"""How log lines look: one event per line, key=value, in UTC, a traceback below it."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog

_render = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"])


def _line_and_traceback(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    traceback = event.pop("exception", None)
    line = _render(logger, name, event)
    text = line if isinstance(line, str) else line.decode()
    return f"{text}\n{traceback}" if traceback else text


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """The formatter of every handler, for our own and the libraries' records."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _line_and_traceback,
        ],
    )
