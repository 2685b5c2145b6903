"""What a mapping makes of a file's first rows, while a person is still choosing columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from banso.connectors.files import FileHints, TableFile, open_table
from banso.connectors.files.problems import FileProblemError, RowProblem
from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import Entry, Field, MappingSpec, Reader
from banso.connectors.models import ImportRun
from banso.connectors.services.proposals import suggested
from banso.connectors.types import Kind
from banso.kit.dates import DateOrder
from banso.workspace.policies import require
from banso.workspace.selectors import company
from banso.workspace.types import Actor

#: Rows from which date orders and decimal marks are recognised here; the check reads them all.
LOOKED_AT = 2000
SHOWN = 6
#: What a person can decide by choosing how a column is read.
QUESTIONS = ("ambiguous-dates", "mixed-dates", "ambiguous-numbers")


@dataclass(frozen=True, slots=True)
class Question:
    """A column that can be read in more than one way.

    Args:
        field: the field that the column is mapped to.
        code: ``ambiguous-dates``, ``mixed-dates`` or ``ambiguous-numbers``.
        choices: the date orders or decimal marks that fit.
        examples: cells that fit all of them.
    """

    field: str
    code: str
    choices: tuple[str, ...]
    examples: str


@dataclass(slots=True)
class Preview:
    """How the first rows would be read.

    Args:
        header: the file's columns.
        cells: the first rows as they stand in the file.
        rows: field name to typed value, per shown row.
        problems: what is wrong with the shown rows.
        questions: columns whose reading a person has to choose.
        reading: how the file itself is read: sheet, header row, encoding, delimiter.
        sheets: the sheets of a workbook.
        error: what keeps the mapping from being used at all.
    """

    header: tuple[str, ...]
    cells: list[Sequence[str]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    reading: FileHints = field(default_factory=FileHints)
    sheets: tuple[str, ...] = ()
    error: FileProblemError | None = None


class _Head(TableFile):
    """The first rows of a table."""

    def __init__(self, table: TableFile, count: int) -> None:
        super().__init__(table.path, table.header)
        self.sheets = table.sheets
        self._table, self._count = table, count

    def records(self) -> Iterator[Sequence[str]]:
        """The first records behind the header."""
        return islice(self._table.records(), self._count)

    def describe(self) -> dict[str, str]:
        """What was found out about the file."""
        return self._table.describe()


def propose_mapping(*, actor: Actor, run: ImportRun, kind: Kind, shape: str = "") -> dict[str, Any]:
    """The mapping that the columns of an uploaded file speak for, if it is of a kind.

    Raises:
        FileProblemError: the file can no longer be read.
    """
    require(actor, "imports.run")
    present = MappingSpec.from_dict(run.mapping)
    table = open_table(Path(run.file_path), present.read)
    empty = MappingSpec(kind, present.source, {}, read=present.read, zone=present.zone, shape=shape)
    return suggested(empty, table).to_dict()


def preview_mapping(
    *, actor: Actor, run: ImportRun, mapping: Mapping[str, Any], shown: int = SHOWN
) -> Preview:
    """Read the first rows by a draft of a mapping; nothing is written.

    Raises:
        FileProblemError: the file can no longer be read, or the mapping is malformed.
    """
    require(actor, "imports.run")
    spec = MappingSpec.from_dict(mapping)
    table = _Head(open_table(Path(run.file_path), spec.read), LOOKED_AT)
    cells = list(islice(table.rows(), shown))
    preview = Preview(table.names, [row for _number, row in cells])
    preview.reading, preview.sheets = table.reading, table.sheets
    fields = WRITERS[spec.kind].fields_of(spec)
    reader = _opened(spec, fields, table, preview)
    if reader is None:
        return preview
    for number, row in cells:
        record = reader.read(number, row)
        preview.rows.append(record.values)
        preview.problems += record.problems
    return preview


def _opened(
    spec: MappingSpec, fields: Sequence[Field], table: TableFile, preview: Preview
) -> Reader | None:
    """A reader that has put every question and goes on with the first answer to each."""
    zone = company().time_zone
    for _attempt in range(len(spec.columns) + 1):
        try:
            return Reader(spec, fields, table, zone)
        except FileProblemError as error:
            answered = _ask(spec, fields, error, preview)
            if answered is None:
                preview.error = error
                return None
            spec = answered
    return None


def _ask(
    spec: MappingSpec, fields: Sequence[Field], error: FileProblemError, preview: Preview
) -> MappingSpec | None:
    if error.code not in QUESTIONS:
        return None
    dates = error.code != "ambiguous-numbers"
    known = {item.name: item for item in fields}
    for name, entry in spec.columns.items():
        open_still = (entry.order if dates else entry.decimal) is None
        if entry.column != error.column or not open_still or name not in known:
            continue
        if any(question.field == name for question in preview.questions):
            continue
        choices = tuple(str(error.params["orders"]).split(", ")) if dates else (".", ",")
        examples = str(error.params["examples"])
        preview.questions.append(Question(name, error.code, choices, examples))
        answer: Entry = (
            replace(entry, order=DateOrder(choices[0])) if dates else replace(entry, decimal=".")
        )
        return replace(spec, columns={**spec.columns, name: answer})
    return None
