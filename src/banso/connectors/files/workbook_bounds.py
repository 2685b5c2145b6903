"""Workbooks that would fill the memory are refused before anything opens them.

A workbook of a kilobyte can unpack to gigabytes, give a false size in its directory, or hold two
cells a billion cells apart; the library that reads it makes room for all in between and, where
there is none, ends the process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop as _

from banso.connectors.files.problems import FileProblemError

UNPACKED_LIMIT = 300 << 20
RATIO_LIMIT = 200
# Small workbooks of many equal cells compress well and do no harm.
_HARMLESS = 32 << 20
#: A sheet may span this many cells, or this many for each that is filled.
SPAN_LIMIT, SPAN_PER_CELL = 2_000_000, 20
_CHUNK = 1 << 20
#: No cell's element is longer.
_LONGEST_ELEMENT = 1 << 20
#: Larger than what any directory entry may claim, so that what is there is read to its end.
_ENDLESS = 1 << 40
# Sheets may have any name, so cells are looked for everywhere.
_CELL_BEGINS = re.compile(rb"<(?:\w+:)?(?:row|c)[\s/>]")
#: Row or cell, its column and row where it names them, and whether it is empty.
_PLACE = re.compile(
    rb"""<(?:\w+:)?(?:(row)|c)(?=[\s/>])"""
    rb"""(?:[^<>]*?\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["'])?[^<>]*?(/?)>"""
)


@dataclass(slots=True)
class _Span:
    """How far the cells of a sheet reach, and how many there are."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    _row: int = 0
    _column: int = 0

    def take(self, data: bytes) -> None:
        """Look at a piece of the sheet; cells without content reach nowhere.

        Rows and cells that do not name their place follow the one before them.
        """
        for is_row, letters, digits, empty in _PLACE.findall(data):
            if is_row:
                self._row = int(digits or self._row + 1)
                self._column = 0
                continue
            self._column = _column(letters) if letters else self._column + 1
            if not empty:
                self.cells += 1
                self.rows = max(self.rows, int(digits or self._row))
                self.columns = max(self.columns, self._column)

    @property
    def is_vast(self) -> bool:
        """Whether next to nothing of the rectangle is filled."""
        span = self.rows * self.columns
        return span > SPAN_LIMIT and span > SPAN_PER_CELL * self.cells


def refuse_bombs(path: Path) -> None:
    """Look through a workbook piece by piece.

    Raises:
        FileProblemError: ``zip-bomb``, ``vast-sheet``, ``damaged-workbook``, or ``binary-file`` for
            archives that are no .xlsx.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            _require_sheets(archive)
            _measure(archive, max(path.stat().st_size, 1))
            _require_dense(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError) as error:
        raise FileProblemError("damaged-workbook", reason=str(error)) from None


def _require_sheets(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "content.xml" in names:
        raise FileProblemError("binary-file", what=_("an OpenDocument spreadsheet"))
    if "xl/workbook.bin" in names:
        raise FileProblemError("binary-file", what=_("a binary workbook (.xlsb)"))
    if not any(name.startswith("xl/") for name in names):
        raise FileProblemError("binary-file", what=_("a ZIP archive"))


def _measure(archive: zipfile.ZipFile, packed: int) -> None:
    # Unpacking is quick and looking for cells is not, so the sizes are known first.
    unpacked = 0
    for entry in archive.infolist():
        # Whatever size the directory claims: what is there is read to its end.
        entry.file_size = _ENDLESS
        with archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                unpacked += len(chunk)
                ratio = unpacked / packed
                if unpacked > UNPACKED_LIMIT or (ratio > RATIO_LIMIT and unpacked > _HARMLESS):
                    raise FileProblemError("zip-bomb", size=unpacked >> 20, ratio=round(ratio))


def _require_dense(archive: zipfile.ZipFile) -> None:
    for entry in archive.infolist():
        span = _Span()
        for data in _pieces(archive, entry):
            span.take(data)
        if span.is_vast:
            raise FileProblemError(
                "vast-sheet", rows=span.rows, columns=span.columns, cells=span.cells
            )


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's content, cut between elements."""
    rest = b""
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            data = rest + chunk
            cut = max(data.rfind(b"<"), 0)
            yield data[:cut]
            rest = data[cut:]
            if len(rest) > _LONGEST_ELEMENT:
                if _CELL_BEGINS.match(rest):
                    raise FileProblemError("damaged-workbook", reason="an endless element")
                yield rest
                rest = b""
    yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
