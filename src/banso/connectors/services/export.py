"""The one writer of tables that leave the product, as CSV or Excel.

Text that a spreadsheet would run is defused (:mod:`banso.connectors.files.formulas`); numbers stay
numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import xlsxwriter

from banso.connectors.files.formulas import defused

Row = Sequence[Any]
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK_ROWS = 500
#: Excel's own limit.
MOST_CELL_CHARACTERS = 32_767
#: Excel keeps fifteen digits of a number.
_LONGEST_NUMBER = 10**15
#: Before this day Excel counts a 29 February 1900 that never was, or cannot count at all.
_FIRST_DAY = date(1900, 3, 1)


def write_csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with the mark by which Excel knows it, lines end in CRLF."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    writer.writerow([_csv_cell(name) for name in columns])
    for count, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value) for value in row])
        if count % _CHUNK_ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(rows: Iterable[Row], columns: Sequence[str], *, title: str = "") -> bytes:
    """An Excel file with one sheet, its headings frozen and filterable; rows are streamed."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(title[:31] or None)
        bold = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name, bold)
        sheet.freeze_panes(1, 0)
        last = 0
        for last, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                _write_cell(sheet, last, at, value, moment)
        sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    return target.getvalue()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value) if isinstance(value, date | UUID) else defused(str(value))


def _write_cell(sheet: Any, line: int, at: int, value: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, at, value)
    elif isinstance(value, int | float | Decimal) and _fits_excel(value):
        sheet.write_number(line, at, value)
    elif isinstance(value, datetime) and value.date() >= _FIRST_DAY:
        sheet.write_datetime(line, at, value.replace(tzinfo=None), moment)
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
        sheet.write_datetime(line, at, value)
    else:
        # A string cell is never evaluated, so Excel files need no apostrophe.
        sheet.write_string(line, at, _storable(str(value))[:MOST_CELL_CHARACTERS])


def _fits_excel(value: float | Decimal) -> bool:
    """Whether Excel shows the number as it is; others go as text rather than changed."""
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value) < _LONGEST_NUMBER
    return isfinite(value) if isinstance(value, float) else abs(value) < _LONGEST_NUMBER


def _storable(text: str) -> str:
    """The text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data
