"""Tables in text files: CSV and its relatives."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from banso.connectors.files.encoding import check_encoding, refuse_binary, sniff_encoding
from banso.connectors.files.layout import find_header, sniff_delimiter
from banso.connectors.files.problems import FileProblemError
from banso.connectors.files.table import FileHints, TableFile

FIELD_LIMIT = 1 << 20
_SAMPLE_CHARACTERS = 1 << 18
_HEADER_RECORDS = 50
_ARROW_BLOCK = 4 << 20


@dataclass(slots=True)
class TextTable(TableFile):
    """A table in a delimited text file."""

    encoding: str = "utf-8"
    delimiter: str = ","

    def records(self) -> Iterator[Sequence[str]]:
        """See :meth:`TableFile.records`.

        Raises:
            FileProblemError: a quotation mark is never closed.
        """
        with _open(self.path, self.encoding) as file:
            yield from islice(_records(file, self.delimiter), self.header.row, None)

    def describe(self) -> dict[str, str]:
        """Encoding and delimiter."""
        return {"encoding": self.encoding, "delimiter": self.delimiter}

    def arrow(self) -> pa.Table | None:
        """See :meth:`TableFile.arrow`; None when a row does not have the header's width."""
        names = list(self.header.names)
        try:
            table = arrow_csv.read_csv(
                self.path,
                read_options=arrow_csv.ReadOptions(
                    skip_rows=self.header.row,
                    column_names=names,
                    encoding="utf8" if self.encoding.startswith("utf-8") else self.encoding,
                    block_size=_ARROW_BLOCK,
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter, ignore_empty_lines=False
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            # Ragged rows and line breaks in cells are read, numbered and told by the stream.
            return None
        return table if self._starts_like_the_stream(table) else None

    def _starts_like_the_stream(self, table: pa.Table) -> bool:
        """Whether the fast reader found the header where it is (a line break may stand in it)."""
        first = next(iter(self.records()), None)
        if first is None or table.num_rows == 0:
            return first is None and table.num_rows == 0
        return [column[0].as_py() for column in table.columns] == list(first)


def open_text(path: Path, hints: FileHints) -> TextTable:
    """Find out encoding, delimiter and header of a text file.

    Raises:
        FileProblemError: empty, binary, not decodable, or without a header.
    """
    refuse_binary(path)
    encoding = check_encoding(path, hints.encoding) if hints.encoding else sniff_encoding(path)
    with _open(path, encoding) as file:
        sample = file.read(_SAMPLE_CHARACTERS)
    if not sample.strip():
        raise FileProblemError("empty-file")
    delimiter = hints.delimiter or sniff_delimiter(sample)
    count = max(_HEADER_RECORDS, hints.header_row or 0)
    with _open(path, encoding) as file:
        head = list(islice(_records(file, delimiter), count))
    header = find_header(head, hints.header_row)
    return TextTable(path, header, encoding=encoding, delimiter=delimiter)


def _open(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding=encoding, newline="")


def _records(file: IO[str], delimiter: str) -> Iterator[list[str]]:
    """The records of a file; tells a quotation mark that is never closed by its first line."""
    lines = _Lines(file)
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(lines, delimiter=delimiter)
    start = 1
    try:
        for record in reader:
            # The reader asks for a line behind the last one only while a quotation is open.
            if lines.exhausted:
                raise FileProblemError("unclosed-quote", row=start, line=start)
            start = reader.line_num + 1
            yield record
    except csv.Error as error:
        if "field larger" in str(error):
            raise FileProblemError(
                "field-too-long", row=start, line=start, limit=FIELD_LIMIT
            ) from None
        raise FileProblemError("unclosed-quote", row=start, line=start) from None


class _Lines:
    """Lines of a file, knowing whether somebody asked for more than there are."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            # PostgreSQL cannot keep it, and no reader would miss it.
            yield line.replace("\0", "") if "\0" in line else line
        self.exhausted = True
