"""Reading rows by thousands of keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

#: Databases limit how many values one statement may carry.
CHUNK = 5_000


def chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """The distinct keys but the empty ones, in order, at most 5,000 at a time."""
    listed = sorted({key for key in keys if key})
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def rows_of(found: QuerySet[Any], name: str, keys: Iterable[Any]) -> Iterator[Any]:
    """Rows whose column is among the keys, with as few statements as allowed."""
    for chunk in chunks(keys):
        yield from found.filter(**{f"{name}__in": chunk})
