"""JSON from outside, with an answer for everything that is none."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from banso.kit.errors import InvalidInputError

#: Nothing that people make is nested deeper.
MOST_DEPTH = 64


def read_json(text: str | bytes) -> Any:
    """The value that a JSON text stands for.

    Raises:
        InvalidInputError: ``bad-json``: it is no JSON, or holds what cannot be kept: NaN, infinity,
            numbers of thousands of digits, NUL, half characters, or more than 64 levels.
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
        written = json.dumps(value, ensure_ascii=False)
        written.encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise _bad(type(error).__name__) from None
    if "\\u0000" in json.dumps(value) or _is_deep(value):
        raise _bad("what cannot be kept")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_DEPTH):
        inside = [v for v in level if isinstance(v, list | dict)]
        level = [x for v in inside for x in (v.values() if isinstance(v, dict) else v)]
        if not level:
            return False
    return True


def _bad(why: str) -> InvalidInputError:
    return InvalidInputError(f"This JSON cannot be read: {why}.", code="bad-json")
