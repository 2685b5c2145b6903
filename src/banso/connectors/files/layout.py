"""Where the table lies in a text: its delimiter, its header and what stands before it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from banso.connectors.files.problems import FileProblemError

DELIMITERS = (",", "\t", ";", "|")
COLUMN_LIMIT = 16_384
_SAMPLE_RECORDS = 60
#: Numbers, dates and mail addresses, which name no column.
_VALUE = re.compile(r"\W*\d[\d\W年月日]*|\S+@\S+")


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns, made unique (name, name#2), and the record they stand in, from 1."""

    names: tuple[str, ...]
    row: int
    duplicates: tuple[str, ...]


def sniff_delimiter(sample: str) -> str:
    """The delimiter under which most records of a sample have the same number of cells."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(r) for r in _records(sample, delimiter) if r)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        score = 0.0 if width == 1 else count / widths.total() + width / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def find_header(records: Sequence[Sequence[str]], row: int | None = None) -> Header:
    """The header among the first records of a table.

    It is the first record that is as wide as most of the sample and named in (nearly) all cells;
    what stands before it (title, export date, number of rows) is skipped.

    Args:
        records: the first records, blank ones included so that they count.
        row: number of the header's record when a person has named it.

    Raises:
        FileProblemError: ``empty-file``, ``no-header`` where the named row holds no names, or
            ``too-many-columns``.
    """
    named = row is not None
    row = row if row is not None else _header_row(records)
    # Files put together from others carry marks of their encoding in the middle.
    cells = [cell.strip().strip("\ufeff").strip() for cell in _record(records, row)]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise FileProblemError("no-header", line=row) if named else FileProblemError("empty-file")
    if len(cells) > COLUMN_LIMIT:
        raise FileProblemError(
            "too-many-columns", row=row, line=row, count=len(cells), limit=COLUMN_LIMIT
        )
    return _unique(cells, row)


def _header_row(records: Sequence[Sequence[str]]) -> int:
    filled = [(number, r) for number, r in enumerate(records, 1) if any(c.strip() for c in r)]
    if not filled:
        raise FileProblemError("empty-file")
    # Equal counts keep the order of their first appearance, and the header comes before its rows.
    width = Counter(len(record) for _, record in filled).most_common(1)[0][0]
    for number, record in filled:
        named = sum(1 for cell in record if cell.strip())
        if named >= 0.7 * width:
            return _names_above(records, number)
    return filled[0][0]


def _names_above(records: Sequence[Sequence[str]], number: int) -> int:
    """The row right above a full row of data, where that row names several columns.

    A header that leaves many columns without a name is less full than the rows it stands above. A
    row is data if it holds a number, or if a cell of it comes again further down.
    """
    record, above = records[number - 1], _record(records, number - 1)
    names = [cell.strip() for cell in above if cell.strip()]
    if len(names) < 2 or any(_VALUE.fullmatch(name) for name in names):
        return number
    below = {(place, cell) for later in records[number:] for place, cell in enumerate(later)}
    data = any(
        _VALUE.fullmatch(cell.strip()) or (cell.strip() and (place, cell) in below)
        for place, cell in enumerate(record)
    )
    return number - 1 if data else number


def _record(records: Sequence[Sequence[str]], number: int) -> Sequence[str]:
    """The record of a number, counted from 1, or none where there is no such record."""
    return records[number - 1] if 1 <= number <= len(records) else ()


def _unique(cells: list[str], row: int) -> Header:
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(cells, 1):
        name = cell or f"column {position}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return Header(tuple(names), row, tuple(name for name, n in seen.items() if n > 1))


def _records(sample: str, delimiter: str) -> list[list[str]]:
    lines = sample.splitlines(keepends=True)
    if len(lines) > 1 and not lines[-1].endswith(("\n", "\r")):
        lines.pop()
    records: list[list[str]] = []
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            records.append(record)
            if len(records) >= _SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return records
