"""A table read from a file: its header and a stream of rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from banso.connectors.files.layout import COLUMN_LIMIT, Header
from banso.connectors.files.problems import FileProblemError, RowProblem
from banso.connectors.types import Severity

Row = tuple[int, Sequence[str]]
#: What is wrong with the shape of a row, and its cells as they stand in the file.
Misshapen = tuple[RowProblem, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FileHints:
    """What a person knows about the file; None where it is to be found out.

    Args:
        encoding: Python's name of the encoding.
        delimiter: one character.
        header_row: number of the header's row, counted from 1.
        sheet: name of a workbook's sheet.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None


@dataclass(slots=True)
class TableFile(ABC):
    """A table in a file; rows stream, and :meth:`rows` can be called again and again."""

    path: Path
    header: Header
    #: The sheets of a workbook.
    sheets: tuple[str, ...] = ()
    #: How many rows the last :meth:`rows` has kept out or filled up so far.
    misshapen: int = 0
    _told: list[Misshapen] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in order; the second of two equal names is ``name#2``."""
        return self.header.names

    @abstractmethod
    def records(self) -> Iterator[Sequence[str]]:
        """Every record behind the header, as it stands in the file."""

    @abstractmethod
    def describe(self) -> dict[str, str]:
        """What was found out about the file (encoding, delimiter, sheet), for the reader."""

    @property
    def reading(self) -> FileHints:
        """How the file is read, be it said or found out."""
        found = self.describe()
        return FileHints(
            found.get("encoding"), found.get("delimiter"), self.header.row, found.get("sheet")
        )

    def rows(self, *, telling: bool = True) -> Iterator[Row]:
        """Row number (as a spreadsheet counts) and exactly as many cells as the header has.

        Blank rows are passed over. A row with more cells is kept out, one with fewer is filled up;
        both are counted in :attr:`misshapen`.

        Args:
            telling: whether :meth:`take_misshapen` is going to be asked about them.
        """
        self.misshapen = 0
        self._told = [] if telling else None
        width = len(self.header.names)
        number = self.header.row
        for cells in self.records():
            number += 1
            if len(cells) == width:
                if any(cells):
                    yield number, cells
            elif (fitted := self._fit(number, cells, width)) is not None:
                yield number, fitted

    def take_misshapen(self) -> list[Misshapen]:
        """What was wrong with the shape of rows that :meth:`rows` has read since the last call."""
        taken = self._told or []
        self._told = []
        return taken

    def sample(self, count: int = 200) -> list[Sequence[str]]:
        """The first rows, for recognising columns."""
        return [cells for _, cells in islice(self.rows(), count)]

    def arrow(self) -> pa.Table | None:
        """All rows as text columns in one Arrow table, or None where only the stream can read it.

        Row i of the table is row ``header.row + 1 + i`` of the file; blank rows are empty cells.
        """
        return None

    def _fit(self, number: int, cells: Sequence[str], width: int) -> Sequence[str] | None:
        if not any(cell.strip() for cell in cells):
            return None
        count = len(cells)
        if count > COLUMN_LIMIT:
            raise FileProblemError(
                "too-many-columns", row=number, line=number, count=count, limit=COLUMN_LIMIT
            )
        params = {"count": count, "width": width}
        if count > width and any(cell.strip() for cell in cells[width:]):
            self._tell(RowProblem(number, "too-many-cells", params=params), cells)
            return None
        if count < width:
            few = RowProblem(number, "too-few-cells", "", params, Severity.WARNING)
            self._tell(few, cells)
        return [*cells[:width], *([""] * (width - count))]

    def _tell(self, problem: RowProblem, cells: Sequence[str]) -> None:
        self.misshapen += 1
        if self._told is not None:
            self._told.append((problem, cells))
