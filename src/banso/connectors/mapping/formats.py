"""How the columns of a file write dates and numbers, decided from every row of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from banso.connectors.files import ERROR_TEXTS, Row
from banso.connectors.files.problems import FileProblemError
from banso.connectors.mapping.fields import Field, FieldType
from banso.connectors.mapping.spec import Entry, MappingSpec
from banso.kit import numbers
from banso.kit.dates import Ambiguous, DateDetector, DateFormat, DateOrder, NoReading
from banso.kit.numbers import Mark, NumberFormat

_DATES = frozenset({FieldType.DATE, FieldType.MOMENT})
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_NUMBER_SAMPLE = 20_000
#: From this many rows on, a column without dates or numbers was mapped by mistake.
_ENOUGH_ROWS = 20


@dataclass(slots=True)
class Formats:
    """Field name to the format of its column, and how many rows there are."""

    rows: int = 0
    dates: dict[str, DateFormat] = field(default_factory=dict)
    numbers: dict[str, NumberFormat] = field(default_factory=dict)


def find_formats(
    spec: MappingSpec,
    fields: Mapping[str, Field],
    rows: Iterable[Row],
    place: Callable[[str], int],
) -> Formats:
    """Look at every row once and decide.

    Raises:
        FileProblemError: ``ambiguous-dates``, ``mixed-dates``, ``no-dates``,
            ``ambiguous-numbers`` or ``no-numbers``, naming the column and what to choose from.
    """
    found = Formats()
    detectors: dict[str, tuple[_Column, DateDetector]] = {}
    samples: dict[str, tuple[_Column, set[str]]] = {}
    for name, entry in spec.columns.items():
        kind = fields[name].type
        if kind in _DATES:
            if entry.order is not None or entry.column is None:
                found.dates[name] = DateFormat(entry.order or DateOrder.YEAR_FIRST)
            else:
                detectors[name] = (_Column(place(entry.column), entry.values), DateDetector())
        elif kind in _NUMBERS:
            if entry.decimal is not None or entry.column is None:
                found.numbers[name] = NumberFormat(cast("Mark", entry.decimal or "."))
            else:
                samples[name] = (_Column(place(entry.column), entry.values), set())
    found.rows = _look(rows, spec, detectors, samples)
    for name, (_, detector) in detectors.items():
        found.dates[name] = _date_format(detector, _column(spec.columns[name]), found.rows)
    for name, (_, texts) in samples.items():
        whole = fields[name].type is FieldType.INTEGER
        found.numbers[name] = _number_format(
            texts, _column(spec.columns[name]), found.rows, whole=whole
        )
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a column stands, and which of its words the mapping replaces."""

    place: int
    words: Mapping[str, str | None]

    def text(self, cells: Sequence[str]) -> str:
        cell = cells[self.place].strip()
        return self.words.get(cell, cell) or "" if self.words else cell


def _look(
    rows: Iterable[Row],
    spec: MappingSpec,
    detectors: Mapping[str, tuple[_Column, DateDetector]],
    samples: Mapping[str, tuple[_Column, set[str]]],
) -> int:
    count = 0
    empty = spec.empty | ERROR_TEXTS
    for _, cells in rows:
        count += 1
        for column, detector in detectors.values():
            if (text := column.text(cells)) not in empty:
                detector.add(text)
        for column, texts in samples.values():
            if len(texts) < _NUMBER_SAMPLE and (text := column.text(cells)) not in empty:
                texts.add(text)
    return count


def _column(entry: Entry) -> str:
    return entry.column or ""


def _date_format(detector: DateDetector, column: str, rows: int) -> DateFormat:
    result = detector.result()
    if isinstance(result, DateFormat):
        return result
    examples = ", ".join(result.examples)
    if isinstance(result, Ambiguous):
        code = "mixed-dates" if result.mixed else "ambiguous-dates"
        orders = ", ".join(result.candidates)
        raise FileProblemError(code, column=column, name=column, examples=examples, orders=orders)
    if isinstance(result, NoReading) and (not examples or rows < _ENOUGH_ROWS):
        # An empty column has nothing to read, so any format does; of few rows each is told.
        return DateFormat(DateOrder.YEAR_FIRST)
    raise FileProblemError("no-dates", column=column, name=column, examples=examples)


def _number_format(texts: set[str], column: str, rows: int, *, whole: bool) -> NumberFormat:
    result = numbers.detect(sorted(texts))
    if isinstance(result, NumberFormat):
        return result
    examples = ", ".join(result.examples)
    if isinstance(result, numbers.AmbiguousNumbers):
        # Where only whole numbers make sense, 1.234 can only be grouped thousands.
        if whole:
            return NumberFormat(",")
        raise FileProblemError("ambiguous-numbers", column=column, name=column, examples=examples)
    if not examples or rows < _ENOUGH_ROWS:
        return NumberFormat()
    raise FileProblemError("no-numbers", column=column, name=column, examples=examples)
