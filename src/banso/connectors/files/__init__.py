"""Reading tables from files that other people's programs wrote."""

from __future__ import annotations

from pathlib import Path

from banso.connectors.files.problems import FileProblemError
from banso.connectors.files.table import FileHints, Misshapen, Row, TableFile
from banso.connectors.files.text import open_text
from banso.connectors.files.workbook import open_workbook
from banso.connectors.files.workbook_errors import ERROR_TEXTS

__all__ = [
    "BROWSER_LIMIT",
    "COMMAND_LIMIT",
    "ERROR_TEXTS",
    "FileHints",
    "Misshapen",
    "Row",
    "TableFile",
    "open_table",
]

BROWSER_LIMIT = 50 << 20
COMMAND_LIMIT = 2 << 30

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def open_table(
    path: Path, hints: FileHints | None = None, *, limit: int = BROWSER_LIMIT
) -> TableFile:
    """Open a CSV, TSV or workbook and find its encoding, delimiter and header.

    Nothing is loaded but the first rows; :meth:`TableFile.rows` streams the rest.

    Args:
        path: the file.
        hints: what is known about it already.
        limit: largest size in bytes.

    Raises:
        FileProblemError: the file cannot be read as a table; says where and what to do.
    """
    if not path.is_file():
        raise FileProblemError("not-found", path=str(path))
    size = path.stat().st_size
    if size > limit:
        raise FileProblemError("too-large", size=round(size / (1 << 20), 1), limit=limit >> 20)
    if size == 0:
        raise FileProblemError("empty-file")
    with path.open("rb") as file:
        magic = file.read(4)
    known = hints or FileHints()
    return (open_workbook if magic in {_ZIP, _OLE} else open_text)(path, known)
