"""The refused rows of an import as a file that can be corrected and imported again."""

from __future__ import annotations

from collections.abc import Iterator

from banso.connectors.models import ImportRun
from banso.connectors.selectors import shown
from banso.connectors.services.export import write_csv
from banso.connectors.types import Severity
from banso.workspace.policies import require
from banso.workspace.types import Actor

#: Columns behind the original ones; an import that finds them does not keep them.
TOLD = ("banso_row", "banso_column", "banso_code", "banso_problem", "banso_remedy")


def error_file(*, actor: Actor, run: ImportRun) -> Iterator[bytes]:
    """The refused rows as CSV, in pieces: as they stood in the file, then what was wrong."""
    require(actor, "imports.view")
    header = [str(name) for name in run.report.get("header", ())]
    return write_csv(_rows(run, len(header)), [*header, *TOLD])


def _rows(run: ImportRun, width: int) -> Iterator[list[str]]:
    kept = run.problems.filter(severity=Severity.ERROR).order_by("row", "id")
    for problem in kept.iterator(chunk_size=2000):
        told = shown(problem)
        cells = [str(cell) for cell in problem.raw or [""] * width]
        yield [*cells, str(told.row), told.column, told.code, told.message, told.remedy]
