"""Counting what becomes of the rows of an import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds import Outcome
from banso.connectors.models import ImportRun
from banso.connectors.types import Severity
from banso.workspace.types import RowOutcome


@dataclass(slots=True)
class Tally:
    """What became of the rows so far."""

    done: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0
    by_code: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: ImportRun) -> Tally:
        """Where an interrupted run stands."""
        return cls(
            done=run.checkpoint,
            new=run.new,
            changed=run.changed,
            unchanged=run.unchanged,
            rejected=run.rejected,
            warnings=run.warnings,
            by_code=dict(run.report.get("by_code", {})),
        )

    def count(self, outcome: Outcome) -> None:
        """Add one row."""
        self.done += 1
        for problem in outcome.problems:
            self.note(problem)
        if outcome.refused:
            self.rejected += 1
            return
        kinds = {result.outcome for result in outcome.results}
        self.new += RowOutcome.NEW in kinds
        self.changed += RowOutcome.CHANGED in kinds and RowOutcome.NEW not in kinds
        self.unchanged += not kinds & {RowOutcome.NEW, RowOutcome.CHANGED}

    def count_many(self, outcome: RowOutcome, rows: int) -> None:
        """Add rows that all had the same fate."""
        self.done += rows
        name = str(outcome)
        setattr(self, name, getattr(self, name) + rows)

    def count_misshapen(self, problems: Iterable[RowProblem]) -> None:
        """Add rows that could not even be taken apart into cells."""
        for problem in problems:
            self.note(problem)
            self.rejected += problem.severity is Severity.ERROR

    def note(self, problem: RowProblem) -> None:
        """Count a problem by its code."""
        self.by_code[problem.code] = self.by_code.get(problem.code, 0) + 1
        self.warnings += problem.severity is Severity.WARNING
