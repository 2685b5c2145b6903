"""Ids for rows of sources that have none, so that the same file again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from banso.connectors.mapping import Record

_SEPARATOR = "\x1f"


def with_content_ids(records: Iterable[Record]) -> Iterator[Record]:
    """Give every record without an id one made of its cells and, for equal rows, their number."""
    seen: Counter[bytes] = Counter()
    for record in records:
        if not record.values.get("external_id"):
            record.values["external_id"] = _id_of(_SEPARATOR.join(record.cells), seen)
        yield record


def content_ids(rows: Iterable[str]) -> list[str]:
    """The same ids for rows whose cells are joined by the unit separator."""
    seen: Counter[bytes] = Counter()
    return [_id_of(row, seen) for row in rows]


def _id_of(row: str, seen: Counter[bytes]) -> str:
    digest = blake2b(row.encode(), digest_size=12).digest()
    seen[digest] += 1
    again = f"#{seen[digest]}" if seen[digest] > 1 else ""
    return digest.hex() + again
