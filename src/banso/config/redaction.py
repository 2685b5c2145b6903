"""Nothing personal and nothing secret goes into a log line, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any

Replacement = str | Callable[[re.Match[str]], str]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]+", re.IGNORECASE)
_PLAIN = (bool, int, float, type(None))


def _token(match: re.Match[str]) -> str:
    """Keys and tokens mix cases and digits; ids of ours are UUIDs or hexadecimal."""
    text = match[0]
    if _UUID.fullmatch(text) or not re.search(r"[0-9]", text):
        return text
    return "[token]" if re.search(r"[a-z]", text) and re.search(r"[A-Z]", text) else text


#: Pattern and what stands in its place, in this order.
_RULES: tuple[tuple[re.Pattern[str], Replacement], ...] = (
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), r"\1:[password]@"),
    (re.compile(r"\b(Basic|Bearer)\s+[\w.~+/=-]+", re.IGNORECASE), r"\1 [token]"),
    (
        re.compile(
            r"(?i)\b(password|passwd|secret|token|api_?key|write_?key|authorization|cookie"
            r"|sessionid|csrftoken)(['\"]?\s*[=:]\s*['\"]?)(?!\[)[^\s'\",;&)\]}]+"
        ),
        r"\1\2[secret]",
    ),
    # PostgreSQL quotes the row that broke a rule: DETAIL: Key (email)=(x@y) already exists.
    (re.compile(r"\(([\w\s,\"()]+)\)=\([^\n]*\)(?= )"), r"(\1)=([value])"),
    (re.compile(r"(Failing row contains) \([^\n]*\)"), r"\1 ([row])"),
    (re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+"), "[mail]"),
    (re.compile(r"[\w-]{28,}"), _token),
)


def redacted(text: str) -> str:
    """The text without mail addresses, passwords, keys and tokens."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Redact every value of a log event; what is neither text nor number becomes text."""
    del logger, name
    for key, value in event.items():
        if not isinstance(value, _PLAIN):
            event[key] = redacted(value if isinstance(value, str) else repr(value))
    return event
