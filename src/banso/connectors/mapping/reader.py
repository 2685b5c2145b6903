"""A mapping applied to a table: rows of text in, typed records and their problems out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from banso.connectors.files import ERROR_TEXTS, Row, TableFile
from banso.connectors.files.formulas import undefused
from banso.connectors.files.problems import FileProblemError, RowProblem
from banso.connectors.mapping.cells import CellError, Converter, converter
from banso.connectors.mapping.fields import Field
from banso.connectors.mapping.formats import Formats, find_formats
from banso.connectors.mapping.spec import ERROR_COLUMNS, Entry, MappingSpec
from banso.connectors.types import Severity
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _
from banso.kit.text import clean

_HOLE = re.compile(r"\{([^{}]+)\}")
_MEMO_LIMIT = 50_000
#: Codes that cost only the cell, not the row.
_CELL_ONLY = frozenset({"bad-corporate-number"})


@dataclass(slots=True)
class Record:
    """One row with its typed values; ``problems`` holds what was wrong with it.

    ``skipped`` is set for a row that only repeats an earlier one, where that is meant to be.
    """

    row: int
    values: dict[str, Any]
    cells: Sequence[str]
    attributes: dict[str, str] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    skipped: bool = False

    @property
    def refused(self) -> bool:
        """Whether an error keeps the row out."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(slots=True)
class Step:
    """How one field of each row is read."""

    target: Field
    column: str
    text: Callable[[int, Sequence[str]], str]
    convert: Converter
    values: Mapping[str, str | None]
    memo: dict[str, Any] = field(default_factory=dict)


class Reader:
    """Reads the rows of a table by a mapping.

    Opening it looks at every row once, to decide how dates and numbers are written.

    Raises:
        FileProblemError: a column is missing, a needed field is not mapped, or a date order or
            decimal mark is ambiguous.
    """

    def __init__(
        self, spec: MappingSpec, fields: Sequence[Field], table: TableFile, zone: str
    ) -> None:
        self.spec = spec
        self.table = table
        self.zone: tzinfo = ZoneInfo(spec.zone or zone)
        self._places = {name: place for place, name in enumerate(table.names)}
        if missing := missing_columns(spec, fields, table.names):
            raise missing
        known = {field.name: field for field in fields}
        mapped = {name: known[name] for name in spec.columns}
        self.formats: Formats = find_formats(spec, mapped, self._rows(telling=False), self._place)
        self.total = self.formats.rows
        self.steps = [self._step(known[name], entry) for name, entry in spec.columns.items()]
        self._skips = [(self._place(skip.column), skip.texts) for skip in spec.skip]
        self._attributes = self._attribute_places()
        self._read_places = self._places_read()

    def records(self) -> Iterator[Record]:
        """Every row of the table, in order, except those that the mapping skips."""
        for row, cells in self._rows():
            if any(cells[place].strip() in texts for place, texts in self._skips):
                continue
            yield self.read(row, cells)

    def _rows(self, *, telling: bool = True) -> Iterator[Row]:
        """The rows; where a spreadsheet was kept from running cells, without that apostrophe."""
        rows = self.table.rows(telling=telling)
        if ERROR_COLUMNS[0] not in self._places:
            return rows
        return ((number, [undefused(cell) for cell in cells]) for number, cells in rows)

    def read(self, row: int, cells: Sequence[str]) -> Record:
        """One row as a record."""
        record = Record(row, {}, cells)
        if not ERROR_TEXTS.isdisjoint(cells):
            cells = self._without_errors(record)
        for step in self.steps:
            text = step.text(row, cells)
            value = step.memo[text] if text in step.memo else self._convert(step, text, record)
            if value is not None:
                record.values[step.target.name] = value
            elif step.target.required and not self._told(record, step.column):
                record.problems.append(RowProblem(row, "required", step.column))
        if self._attributes:
            record.attributes = {
                name: clean(text) for name, place in self._attributes if (text := cells[place])
            }
        return record

    def _convert(self, step: Step, text: str, record: Record) -> Any:
        meant = step.values.get(text, text) if step.values else text
        if meant is None or not meant or meant.isspace() or meant in self.spec.empty:
            return None
        try:
            value = step.convert(meant)
        except CellError as error:
            severity = Severity.WARNING if error.code in _CELL_ONLY else Severity.ERROR
            record.problems.append(
                RowProblem(record.row, error.code, step.column, error.params, severity)
            )
            return None
        if len(step.memo) < _MEMO_LIMIT:
            step.memo[text] = value
        return value

    @staticmethod
    def _told(record: Record, column: str) -> bool:
        return any(
            problem.column == column and problem.severity is Severity.ERROR
            for problem in record.problems
        )

    def _without_errors(self, record: Record) -> list[str]:
        """The cells without errors of a spreadsheet, which are told unless the mapping knows them.

        An error that the mapping gives a meaning stays.
        """
        cells = list(record.cells)
        for name, place in self._places.items():
            text = cells[place]
            if text not in ERROR_TEXTS or self._means(name, text):
                continue
            cells[place] = ""
            if place in self._read_places and text not in self.spec.empty:
                told = {"value": text}
                record.problems.append(
                    RowProblem(record.row, "spreadsheet-error", name, told, Severity.WARNING)
                )
        return cells

    def _means(self, column: str, text: str) -> bool:
        entries = self.spec.columns.values()
        return any(entry.column == column and text in entry.values for entry in entries)

    def _step(self, wanted: Field, entry: Entry) -> Step:
        convert = converter(
            wanted,
            dates=self.formats.dates.get(wanted.name),
            numbers=self.formats.numbers.get(wanted.name),
            zone=self.zone,
        )
        column = entry.column or wanted.name
        return Step(wanted, column, self._text_of(entry), convert, entry.values)

    def _text_of(self, entry: Entry) -> Callable[[int, Sequence[str]], str]:
        if entry.constant is not None:
            constant = entry.constant
            return lambda row, cells: constant
        if entry.column is not None:
            place = self._place(entry.column)
            return lambda row, cells: cells[place].strip()
        template = entry.template or ""
        holes = {name: self._place(name) for name in _HOLE.findall(template) if name != "row"}

        def filled(row: int, cells: Sequence[str]) -> str:
            return _HOLE.sub(
                lambda m: str(row) if m[1] == "row" else cells[holes[m[1]]].strip(), template
            )

        return filled

    def _place(self, name: str) -> int:
        return self._places[name]

    def _places_read(self) -> set[int]:
        """Where the columns stand that fields and attributes come from."""
        return {self._places[name] for name in _columns_of_fields(self.spec)} | {
            place for _, place in self._attributes
        }

    def _attribute_places(self) -> list[tuple[str, int]]:
        if self.spec.attributes == "none":
            return []
        if isinstance(self.spec.attributes, tuple):
            return [(name, self._place(name)) for name in self.spec.attributes]
        used = {e.column for e in self.spec.columns.values()}
        used |= set(ERROR_COLUMNS)
        return [(name, place) for name, place in self._places.items() if name not in used]


def missing_columns(
    spec: MappingSpec, fields: Sequence[Field], header: Sequence[str]
) -> FileProblemError | None:
    """The first thing that keeps a mapping from being used with a header, without reading rows."""
    known = {field.name for field in fields}
    if unknown := [name for name in spec.columns if name not in known]:
        reason = Sentence(_("unknown fields: %(names)s"), names=", ".join(unknown))
        return FileProblemError("bad-mapping", reason=reason)
    for needed in fields:
        if needed.required and needed.name not in spec.columns:
            return FileProblemError("unmapped-field", field=needed.name)
    for name in sorted(_columns_of(spec)):
        if name not in header:
            listed = ", ".join(header[:40])
            return FileProblemError("missing-column", column=name, name=name, header=listed)
    return None


def _columns_of_fields(spec: MappingSpec) -> set[str]:
    names = {entry.column for entry in spec.columns.values() if entry.column is not None}
    for entry in spec.columns.values():
        names |= set(_HOLE.findall(entry.template or "")) - {"row"}
    return names


def _columns_of(spec: MappingSpec) -> set[str]:
    names = _columns_of_fields(spec) | {skip.column for skip in spec.skip}
    return names | (set(spec.attributes) if isinstance(spec.attributes, tuple) else set())
