"""Tables in spreadsheet workbooks (.xlsx, .xlsm, .xls)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from banso.connectors.files.layout import find_header
from banso.connectors.files.problems import FileProblemError
from banso.connectors.files.table import FileHints, TableFile
from banso.connectors.files.workbook_bounds import refuse_bombs
from banso.connectors.files.workbook_errors import with_errors_as_texts

_HEADER_RECORDS = 50


@dataclass(slots=True)
class SheetTable(TableFile):
    """A table in one sheet of a workbook."""

    sheet: str = ""

    def records(self) -> Iterator[Sequence[str]]:
        """See :meth:`TableFile.records`."""
        width = len(self.header.names)
        for cells in islice(_records(self.path, self.sheet), self.header.row, None):
            # Sheets are rectangles: cells beyond the header are empty unless somebody wrote there.
            yield cells[:width] if not any(cells[width:]) else cells

    def describe(self) -> dict[str, str]:
        """Name of the sheet."""
        return {"sheet": self.sheet}


def open_workbook(path: Path, hints: FileHints) -> SheetTable:
    """Find the sheet and header of a workbook.

    Raises:
        FileProblemError: ``zip-bomb``, ``vast-sheet``, ``binary-file``, ``damaged-workbook``,
            ``unknown-sheet`` or ``empty-file``.
    """
    refuse_bombs(path)
    book = _load(path)
    names = list(book.sheet_names)
    if hints.sheet and hints.sheet not in names:
        raise FileProblemError("unknown-sheet", sheet=hints.sheet, sheets=", ".join(names))
    count = max(_HEADER_RECORDS, hints.header_row or 0)
    chosen: tuple[str, list[list[str]]] | None = None
    for name in [hints.sheet] if hints.sheet else names:
        head = list(islice(_sheet_records(book, name), count))
        if _looks_like_a_table(head):
            chosen = name, head
            break
        if chosen is None and any(any(record) for record in head):
            chosen = name, head
    if chosen is None:
        raise FileProblemError("empty-file")
    sheet, head = chosen
    header = find_header(head, hints.header_row)
    return SheetTable(path, header, sheets=tuple(names), sheet=sheet)


def _looks_like_a_table(records: Sequence[Sequence[str]]) -> bool:
    """Whether several rows have several cells; covers and notes before a table have not."""
    return sum(sum(map(bool, record)) > 1 for record in records) > 1


def _load(path: Path) -> Any:
    try:
        changed = with_errors_as_texts(path)
        if changed is not None:
            return CalamineWorkbook.from_filelike(changed)
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError) as error:
        raise FileProblemError("damaged-workbook", reason=str(error)) from None


def _records(path: Path, sheet: str) -> Iterator[list[str]]:
    return _sheet_records(_load(path), sheet)


def _sheet_records(book: Any, sheet: str) -> Iterator[list[str]]:
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise FileProblemError("damaged-workbook", reason=str(error)) from None
    return ([_text(cell) for cell in row] for row in rows)


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
