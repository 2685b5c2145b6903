"""Cells in which a formula has failed, as the texts that a spreadsheet shows there."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

#: What a spreadsheet shows where a formula has no result.
ERROR_TEXTS = frozenset(
    [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#BUSY!",
        "#PYTHON!",
        "#EXTERNAL!",
    ]
)
# Sheets may have any name, so cells are looked for everywhere.
_FAILED = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*["'])e(?=["'])""")


def with_errors_as_texts(path: Path) -> io.BytesIO | None:
    """The workbook with its failed cells made into cells of text; None where there are none.

    The library that reads workbooks gives failed cells as empty ones.
    """
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if not any(_FAILED.search(archive.read(name)) for name in names):
            return None
        changed = io.BytesIO()
        with zipfile.ZipFile(changed, "w") as copy:
            for name in names:
                copy.writestr(name, _FAILED.sub(rb"\1str", archive.read(name)))
    changed.seek(0)
    return changed
