"""How log lines look: one event per line, in UTC; key=value for people, JSON for machines."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog

from banso.config.observe import asked_by
from banso.config.redaction import redact

#: What our own lines tell beside their text; nothing else that a library attaches is written.
_EXTRA = ("route", "method", "status", "milliseconds", "job", "kind", "source", "batch")
_ORDER = ["timestamp", "level", "logger", "event"]
_logfmt = structlog.processors.LogfmtRenderer(key_order=_ORDER, drop_missing=True)


def _line_and_traceback(logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
    traceback = event.pop("exception", None)
    line = _logfmt(logger, name, event)
    text = line if isinstance(line, str) else line.decode()
    return f"{text}\n{traceback}" if traceback else text


def _join_structlog() -> None:
    """Lines that rooms log with values of their own go the same way as all others."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            asked_by,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def formatter(shape: str) -> structlog.stdlib.ProcessorFormatter:
    """The formatter of every handler, for our own and the libraries' records.

    Args:
        shape: ``json`` for one JSON object a line, anything else for people, where a traceback
            stands below its line.
    """
    _join_structlog()
    render = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if shape == "json"
        else _line_and_traceback
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            asked_by,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=_EXTRA),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            render,
        ],
    )
