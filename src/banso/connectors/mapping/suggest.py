"""Recognising what the columns of an unknown file mean, by their names and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from banso.connectors.files import ERROR_TEXTS
from banso.connectors.mapping.cells import CellError, converter
from banso.connectors.mapping.fields import Field, FieldType
from banso.connectors.types import Kind
from banso.kit import numbers
from banso.kit.dates import Ambiguous, DateFormat, detect
from banso.kit.text import search_key

_NOT_WORD = re.compile(r"[\W_]+")
_EXACT, _PART = 3.0, 1.0


def suggest_mapping(
    kind: Kind, fields: Sequence[Field], header: Sequence[str], sample: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """The mapping that names and values of a header and some rows speak for.

    Every column serves one field at most, except under names that a field shares; a column whose
    values do not fit the field's type is not proposed for it unless it carries the field's very
    name. The result is a proposal: a person confirms it.
    """
    scores = [
        (score, -place, name, field)
        for place, name in enumerate(header)
        for field in fields
        if (score := _likeness(field, name)) > 0
    ]
    columns: dict[str, str] = {}
    for score, place, name, field in sorted(scores, key=lambda s: (-s[0], -s[1], s[3].name)):
        if field.name in columns or (name in columns.values() and not _shares(field, name)):
            continue
        if score >= _EXACT or _fits(field, [row[-place] for row in sample if -place < len(row)]):
            columns[field.name] = name
    ordered = {field.name: columns[field.name] for field in fields if field.name in columns}
    return {"kind": kind.value, "columns": ordered}


def guess_kind(fields: Mapping[Kind, Sequence[Field]], header: Sequence[str]) -> Kind:
    """The kind whose fields, the required ones above all, the header names best."""

    def score(kind: Kind) -> float:
        best = [max((_likeness(f, n) for n in header), default=0.0) for f in fields[kind]]
        needed = [b for f, b in zip(fields[kind], best, strict=True) if f.required]
        missing = sum(1 for b in needed if b == 0)
        return sum(best) / len(best) + sum(needed) / max(len(needed), 1) - 3 * missing

    return max(fields, key=score)


def _likeness(field: Field, column: str) -> float:
    name = _key(column)
    own = [_key(text) for text in (field.name, field.en, field.ja)]
    if name in own:
        return _EXACT
    aliases = [_key(text) for text in field.aliases]
    if name in aliases:
        return _EXACT - 0.2 - 0.01 * aliases.index(name)
    if any(len(word) >= 4 and word in name for word in (*own, *aliases)):
        return _PART
    return 0.0


def _shares(field: Field, column: str) -> bool:
    return _key(column) in [_key(text) for text in field.shared]


def _key(text: str) -> str:
    return _NOT_WORD.sub("", search_key(text))


def _fits(field: Field, texts: Iterable[str]) -> bool:
    values = [text.strip() for text in texts if text.strip() and text not in ERROR_TEXTS]
    if not values:
        return True
    if field.type in {FieldType.DATE, FieldType.MOMENT}:
        return isinstance(detect(values), DateFormat | Ambiguous)
    if field.type in {FieldType.INTEGER, FieldType.DECIMAL}:
        return not isinstance(numbers.detect(values), numbers.NoNumbers)
    if field.type is FieldType.TEXT:
        return True
    return _share_readable(field, values) >= 0.5


def _share_readable(field: Field, values: Sequence[str]) -> float:
    read = converter(field, zone=ZoneInfo("UTC"))
    good = 0
    for value in values:
        try:
            read(value)
        except CellError:
            continue
        good += 1
    return good / len(values)
