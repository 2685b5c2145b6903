"""What every kind of file has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from itertools import islice
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.content_ids import with_content_ids
from banso.connectors.mapping import Field, MappingSpec, Reader, Record
from banso.connectors.types import Kind, Severity
from banso.kit import clock
from banso.workspace.selectors import company
from banso.workspace.services.bulk import Undone
from banso.workspace.types import Actor, RowOutcome, RowResult

#: Record id, values before (None = created) and after, as ``bulk.undo`` takes them.
Change = tuple[int, Mapping[str, Any] | None, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Context:
    """Who imports what, under which rules.

    Args:
        actor: who started it.
        spec: the mapping.
        origin: name of the import, so that what it brought can be found again.
        today: the present day in the company's zone.
        zone: where a day begins and ends.
        currency: the company's currency, where the file names none.
        grace_days: days without service that still count as one subscription.
        dry_run: decide everything, write nothing.
        repeated: the same file was imported in the same way last, so it brings nothing new.
    """

    actor: Actor
    spec: MappingSpec
    origin: str
    today: date
    zone: tzinfo
    currency: str
    grace_days: int
    dry_run: bool = False
    repeated: bool = False

    @classmethod
    def now(
        cls,
        actor: Actor,
        spec: MappingSpec,
        origin: str,
        *,
        dry_run: bool = False,
        repeated: bool = False,
    ) -> Context:
        """The rules in force at present: the company's, but for what the mapping says itself."""
        settings = company()
        return cls(
            actor=actor,
            spec=spec,
            origin=origin,
            today=clock.today(settings.time_zone),
            zone=ZoneInfo(settings.time_zone),
            currency=settings.currency,
            grace_days=settings.grace_days if spec.grace_days is None else spec.grace_days,
            dry_run=dry_run,
            repeated=repeated,
        )


@dataclass(slots=True)
class Outcome:
    """What became of one row: the records it wrote, or the problems that kept it out."""

    row: int
    results: list[RowResult] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether an error kept the row out."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(slots=True)
class Portion:
    """Rows that are committed together.

    Args:
        records: rows that are read and told one by one.
        many: rows without anything to tell, in a form that only the writer knows.
        many_rows: how many those are.
    """

    records: list[Record]
    many: Any = None
    many_rows: int = 0

    @property
    def rows(self) -> int:
        """All rows of the portion."""
        return len(self.records) + self.many_rows


class Writer(ABC):
    """Writes the records of one kind; one instance lives as long as one run."""

    kind: ClassVar[Kind]
    fields: ClassVar[tuple[Field, ...]]
    #: Rows that are committed together.
    chunk_rows: ClassVar[int] = 500
    #: Whether rows without an id get one made of their cells; others are known by their key.
    content_ids: ClassVar[bool] = False

    def __init__(self, context: Context) -> None:
        self.context = context
        #: The last day that the written rows speak of, where the kind knows it.
        self.last_day: date | None = None

    @classmethod
    def fields_of(cls, spec: MappingSpec) -> tuple[Field, ...]:
        """The fields that a mapping of this kind may fill; some depend on its shape."""
        return cls.fields

    def key(self, record: Record) -> str:
        """What makes two rows of a file the same thing; empty = every row is its own."""
        return str(record.values.get("external_id", ""))

    def arrange(self, reader: Reader) -> Iterator[Record]:
        """The records in the order in which they are to be written; always the same order."""
        records = reader.records()
        return with_content_ids(records) if self.content_ids else records

    def chunks(self, reader: Reader) -> Iterator[list[Record]]:
        """The records in portions that are committed together; always the same portions."""
        records = self.arrange(reader)
        while chunk := list(islice(records, self.chunk_rows)):
            yield chunk

    def portions(self, reader: Reader) -> Iterator[Portion]:
        """What is committed together, in order; always the same portions."""
        return (Portion(chunk) for chunk in self.chunks(reader))

    def write_many(self, many: Any) -> RowOutcome:
        """Write the rows of a portion that have nothing to tell; says what became of all."""
        raise NotImplementedError

    @abstractmethod
    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """Write a chunk inside the caller's transaction; one outcome per record, in order."""

    def note_day(self, records: Iterable[Record], name: str) -> None:
        """Keep the last day, not beyond the present one, on which a field of the records lies."""
        zone, today = self.context.zone, self.context.today
        days = {record.values[name].astimezone(zone).date() for record in records}
        if past := [day for day in days if day <= today]:
            self.last_day = max(past) if self.last_day is None else max(*past, self.last_day)

    def ahead(self, record: Record, name: str) -> list[RowProblem]:
        """A warning where a field that tells what has happened lies behind the present day."""
        day = record.values[name].astimezone(self.context.zone).date()
        if day <= self.context.today:
            return []
        column, told = column_of(self.context.spec, name), {"value": str(day)}
        return [RowProblem(record.row, "dated-ahead", column, told, Severity.WARNING)]

    def finish(self) -> None:
        """Do what remains to be done behind the last chunk."""
        return

    @classmethod
    @abstractmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """Take back what a run wrote, newest first; see ``bulk.undo``."""

    @classmethod
    def revert(cls, actor: Actor, origin: str) -> int:
        """Take back what a run wrote without keeping changes row by row; returns the rows."""
        return 0


def column_of(spec: MappingSpec, name: str) -> str:
    """The column that a field comes from, for telling a person where to look."""
    entry = spec.columns.get(name)
    return (entry.column or name) if entry else name
