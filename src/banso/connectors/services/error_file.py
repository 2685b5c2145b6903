"""The refused rows of an import as a file that can be corrected and imported again."""

from __future__ import annotations

from collections.abc import Iterator

from banso.connectors.mapping import ERROR_COLUMNS
from banso.connectors.models import ImportRun
from banso.connectors.selectors import shown
from banso.connectors.services.export import write_csv
from banso.connectors.types import Severity
from banso.workspace.policies import require
from banso.workspace.types import Actor


def error_file(*, actor: Actor, run: ImportRun) -> Iterator[bytes]:
    """The refused rows as CSV, in pieces: as they stood in the file, then what was wrong."""
    require(actor, "imports.view")
    names = (str(name) for name in run.report.get("header", ()))
    header = [name for name in names if name not in ERROR_COLUMNS]
    return write_csv(_rows(run, len(header)), [*header, *ERROR_COLUMNS])


def _rows(run: ImportRun, width: int) -> Iterator[list[str]]:
    kept = run.problems.filter(severity=Severity.ERROR).order_by("row", "id")
    for problem in kept.iterator(chunk_size=2000):
        told = shown(problem)
        cells = [str(cell) for cell in problem.raw or [""] * width]
        # The file may be such a file itself, with what was wrong the last time behind each row.
        cells = cells[:width] if len(cells) == width + len(ERROR_COLUMNS) else cells
        yield [*cells, str(told.row), told.column, told.code, told.message, told.remedy]
