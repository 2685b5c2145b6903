"""From a mapped file to records: check without writing, or write in chunks that can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from banso.connectors.files import COMMAND_LIMIT, Misshapen, open_table
from banso.connectors.files.problems import FileProblemError, RowProblem
from banso.connectors.kinds import WRITERS, Context, Outcome, Writer
from banso.connectors.kinds.base import Portion, column_of
from banso.connectors.mapping import MappingSpec, Reader, Record
from banso.connectors.models import ImportRun
from banso.connectors.services.storing import ProblemStore, keep_changes, keep_counts
from banso.connectors.services.tally import Tally
from banso.connectors.types import ImportStatus, Severity
from banso.workspace.selectors import company
from banso.workspace.types import Actor

Progress = Callable[[int, int], None]
PROBLEMS_SHOWN = 1000
#: An id that is kept twice leaves room for the row's number behind it.
_LONGEST_ID = 180


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What an import would do; nothing was written."""

    total: int
    tally: Tally
    problems: tuple[RowProblem, ...]


class Pipeline:
    """One file on its way in: reads, finds repeated ids, hands chunks to the kind's writer.

    Raises:
        FileProblemError: the file or the mapping cannot be used; nothing was written.
    """

    def __init__(self, actor: Actor, run: ImportRun, *, dry_run: bool) -> None:
        self.spec = MappingSpec.from_dict(run.mapping)
        self.table = open_table(Path(run.file_path), self.spec.read, limit=COMMAND_LIMIT)
        kind = WRITERS[self.spec.kind]
        self.reader = Reader(
            self.spec, kind.fields_of(self.spec), self.table, zone=company().time_zone
        )
        if self.reader.total == 0 and not self.table.misshapen:
            raise FileProblemError("header-only")
        repeated = _is_repeated_file(run)
        self.writer: Writer = kind(
            Context.now(actor, self.spec, run.origin, dry_run=dry_run, repeated=repeated)
        )
        self._seen: dict[int, int] = {}
        self._about_header = self._doubtful_columns()

    @property
    def total(self) -> int:
        """Rows of the file."""
        return self.reader.total

    def portions(self) -> Iterator[Portion]:
        """All rows, in the writer's order and portions."""
        return self.writer.portions(self.reader)

    def pass_over(self, records: list[Record]) -> None:
        """Remember the ids of rows that were written before the run was interrupted."""
        for record in records:
            if not record.refused:
                self._note_repetition(record)

    def write(self, portion: Portion, tally: Tally) -> list[Outcome]:
        """Write one portion and count it; one outcome per record, in order."""
        outcomes = self._write_records(portion.records)
        for outcome in outcomes:
            tally.count(outcome)
        if portion.many_rows:
            tally.count_many(self.writer.write_many(portion.many), portion.many_rows)
        return outcomes

    def _write_records(self, records: list[Record]) -> list[Outcome]:
        good: list[Record] = []
        outcomes: dict[int, Outcome] = {}
        for record in records:
            if not record.refused:
                self._note_repetition(record)
            if record.refused or record.skipped:
                outcomes[id(record)] = Outcome(record.row, problems=record.problems)
            else:
                good.append(record)
        for record, outcome in zip(good, self.writer.write(good), strict=True):
            outcome.problems[:0] = record.problems
            outcomes[id(record)] = outcome
        return [outcomes[id(record)] for record in records]

    def take_misshapen(self) -> list[Misshapen]:
        """Problems of the header and of the shape of rows since the last call, with their cells."""
        about_header, self._about_header = self._about_header, []
        return [*((problem, ()) for problem in about_header), *self.table.take_misshapen()]

    def _doubtful_columns(self) -> list[RowProblem]:
        """Mapped columns whose name the header has more than once: the first of them was read."""
        header = self.table.header
        used = {entry.column for entry in self.spec.columns.values()}
        return [
            RowProblem(
                header.row, "duplicate-headers", name, {"names": name}, severity=Severity.WARNING
            )
            for name in header.duplicates
            if name in used
        ]

    def keep_counts(self, run: ImportRun, tally: Tally, checkpoint: int) -> None:
        """Keep with the run how far it is."""
        keep_counts(
            run,
            tally,
            checkpoint=checkpoint,
            total=self.total,
            table=self.table,
            writer=self.writer,
        )

    def _note_repetition(self, record: Record) -> None:
        own_id = str(record.values.get("external_id", ""))
        key = self.writer.key(record)
        if not key:
            return
        first = self._seen.setdefault(hash(key), record.row)
        if first == record.row:
            return
        if self.spec.on_duplicate_id == "ignore":
            record.skipped = True
            return
        record.problems.append(self._repetition(record, own_id, first))
        if self.spec.on_duplicate_id == "keep_both":
            record.values["external_id"] = f"{(own_id or key)[:_LONGEST_ID]}#{record.row}"

    def _repetition(self, record: Record, own_id: str, first: int) -> RowProblem:
        """What is told about a row whose id, or what it is about, has occurred already."""
        column = column_of(self.spec, "external_id") if own_id else ""
        params = {"value": own_id, "first": first}
        if self.spec.on_duplicate_id == "keep_both":
            code = "duplicate-id-kept" if own_id else "repeated-row-kept"
            return RowProblem(record.row, code, column, params, Severity.WARNING)
        return RowProblem(record.row, "duplicate-id" if own_id else "repeated-row", column, params)


def check(actor: Actor, run: ImportRun, progress: Progress | None = None) -> CheckReport:
    """Read everything, write nothing, and say what would happen to each row."""
    pipeline = Pipeline(actor, run, dry_run=True)
    tally = Tally()
    problems: list[RowProblem] = []
    for portion in pipeline.portions():
        outcomes = pipeline.write(portion, tally)
        misshapen = [problem for problem, _cells in pipeline.take_misshapen()]
        tally.count_misshapen(misshapen)
        found = [*misshapen, *(p for outcome in outcomes for p in outcome.problems)]
        problems += found[: max(0, PROBLEMS_SHOWN - len(problems))]
        if progress:
            progress(tally.done, pipeline.total)
    return CheckReport(pipeline.total, tally, tuple(sorted(problems, key=lambda p: p.row)))


def write_all(actor: Actor, run: ImportRun, progress: Progress | None = None) -> Tally:
    """Write every row behind the run's checkpoint, chunk by chunk.

    Each chunk commits with its checkpoint, so an interrupted run goes on where it stopped and
    nothing is written twice.
    """
    pipeline = Pipeline(actor, run, dry_run=False)
    pipeline.writer.last_day = _last_day_so_far(run)
    tally, problems = Tally.of(run), ProblemStore(run)
    behind = 0
    for portion in pipeline.portions():
        behind += portion.rows
        if behind <= run.checkpoint:
            pipeline.pass_over(portion.records)
            pipeline.take_misshapen()
            continue
        with transaction.atomic():
            outcomes = pipeline.write(portion, tally)
            misshapen = pipeline.take_misshapen()
            tally.count_misshapen(problem for problem, _cells in misshapen)
            problems.keep(portion.records, outcomes, misshapen)
            keep_changes(run, outcomes)
            pipeline.keep_counts(run, tally, behind)
        if progress:
            progress(behind, pipeline.total)
    with transaction.atomic():
        pipeline.writer.finish()
        pipeline.keep_counts(run, tally, behind)
    return tally


def _last_day_so_far(run: ImportRun) -> date | None:
    text = run.report.get("last_day") if run.checkpoint else None
    return date.fromisoformat(text) if text else None


def _is_repeated_file(run: ImportRun) -> bool:
    """Whether the last import of this kind and source was the same file, read in the same way."""
    done = ImportRun.objects.filter(kind=run.kind, source=run.source, status=ImportStatus.DONE)
    last = done.exclude(pk=run.pk).order_by("-finished_at").first()
    return (
        last is not None
        and run.checkpoint == 0
        and last.sha256 == run.sha256
        and last.mapping == run.mapping
    )
