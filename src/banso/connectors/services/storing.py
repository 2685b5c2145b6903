"""What a run keeps of each portion: problems, what can be undone, and how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from banso.connectors.files import Misshapen, TableFile
from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds import Outcome, Writer
from banso.connectors.mapping import Record
from banso.connectors.models import ImportChange, ImportProblem, ImportRun
from banso.connectors.services.interruptions import ImportTakenError
from banso.connectors.services.tally import Tally
from banso.connectors.types import ImportStatus, Severity
from banso.workspace.services.bulk_insert import insert_rows
from banso.workspace.types import RowOutcome, RowResult

#: The error file holds every refused row up to this many; the counts are always whole.
ERRORS_KEPT = 50_000
#: A warning that comes with every row says nothing new after this many.
WARNINGS_KEPT_PER_CODE = 500


class ProblemStore:
    """Keeps the problems of one run, bounded."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._kept: Counter[str] = Counter()

    def keep(
        self,
        records: Sequence[Record],
        outcomes: Sequence[Outcome],
        misshapen: Sequence[Misshapen],
    ) -> None:
        """Keep the problems of a portion; of refused rows with their cells.

        Args:
            records: the rows, in step with ``outcomes``.
            outcomes: what became of them.
            misshapen: problems of rows whose cells are not those of the header.
        """
        rows = [
            (problem, list(cells) if problem.severity is Severity.ERROR else None)
            for problem, cells in misshapen
        ]
        rows += _told(records, outcomes)
        insert_rows(
            ImportProblem,
            ("run_id", "row", "column", "code", "severity", "params", "raw"),
            [
                (self._run.pk, p.row, p.column[:200], p.code, p.severity, dict(p.params), raw)
                for p, raw in rows
                if self._has_room(p)
            ],
        )

    def _has_room(self, problem: RowProblem) -> bool:
        is_error = problem.severity is Severity.ERROR
        kind = "error" if is_error else problem.code
        self._kept[kind] += 1
        return self._kept[kind] <= (ERRORS_KEPT if is_error else WARNINGS_KEPT_PER_CODE)


def keep_changes(run: ImportRun, outcomes: Sequence[Outcome]) -> None:
    """Keep what each row did to which record, so that it can be undone."""
    insert_rows(
        ImportChange,
        ("run_id", "row", "record_type", "record_id", "before", "after"),
        [
            (run.pk, outcome.row, r.record_type, r.record_id, r.before, r.after)
            for outcome in outcomes
            for r in outcome.results
            if _is_written(r)
        ],
    )


def keep_counts(
    run: ImportRun, tally: Tally, *, checkpoint: int, total: int, table: TableFile, writer: Writer
) -> None:
    """Keep how far the run is, in the transaction of the rows.

    Raises:
        ImportTakenError: somebody else has moved the run on; the rows must not be written again.
    """
    last = writer.last_day
    values: dict[str, Any] = {
        "rows_total": total,
        "checkpoint": checkpoint,
        "new": tally.new,
        "changed": tally.changed,
        "unchanged": tally.unchanged,
        "rejected": tally.rejected,
        "warnings": tally.warnings,
        "report": {
            **run.report,
            "by_code": tally.by_code,
            "header": list(table.names),
            "last_day": last.isoformat() if last else None,
        },
    }
    mine = ImportRun.objects.filter(
        pk=run.pk, checkpoint=run.checkpoint, status=ImportStatus.RUNNING
    )
    if not mine.update(**values):
        raise ImportTakenError
    for name, value in values.items():
        setattr(run, name, value)


def _told(
    records: Sequence[Record], outcomes: Sequence[Outcome]
) -> Iterator[tuple[RowProblem, list[str] | None]]:
    for record, outcome in zip(records, outcomes, strict=True):
        for problem in outcome.problems:
            yield problem, list(record.cells) if outcome.refused else None


def _is_written(result: RowResult) -> bool:
    return result.record_id is not None and result.outcome is not RowOutcome.UNCHANGED
