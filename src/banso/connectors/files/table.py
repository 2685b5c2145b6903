"""A table read from a file: its header and a stream of rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa

from banso.connectors.files.layout import COLUMN_LIMIT, Header
from banso.connectors.files.problems import FileProblemError, RowProblem
from banso.connectors.types import Severity

Row = tuple[int, Sequence[str]]
_SHAPELESS_KEPT = 1000


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
    #: Problems of the shape of rows, filled while :meth:`rows` runs; emptied at its start.
    problems: list[RowProblem] = field(default_factory=list)
    #: The cells of rows that were kept out for their shape, by row number.
    shapeless: dict[int, Sequence[str]] = field(default_factory=dict)

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

    def rows(self) -> Iterator[Row]:
        """Row number (as a spreadsheet counts) and exactly as many cells as the header has.

        Blank rows are passed over. A row with more cells is kept out, one with fewer is filled up;
        both are told in :attr:`problems`.
        """
        self.problems.clear()
        self.shapeless.clear()
        width = len(self.header.names)
        number = self.header.row
        for cells in self.records():
            number += 1
            if len(cells) == width:
                if any(cells):
                    yield number, cells
            elif (fitted := self._fit(number, cells, width)) is not None:
                yield number, fitted

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
        if count > width and any(cell.strip() for cell in cells[width:]):
            self._note(number, "too-many-cells", count, width, Severity.ERROR)
            if len(self.shapeless) < _SHAPELESS_KEPT:
                self.shapeless[number] = cells
            return None
        if count < width:
            self._note(number, "too-few-cells", count, width, Severity.WARNING)
        return [*cells[:width], *([""] * (width - count))]

    def _note(self, number: int, code: str, count: int, width: int, severity: Severity) -> None:
        self.problems.append(
            RowProblem(number, code, params={"count": count, "width": width}, severity=severity)
        )
