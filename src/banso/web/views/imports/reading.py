"""How a file was read, in a line, and the form that corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from banso.web.views.imports.words import DELIMITERS, ENCODINGS, FOUND_ENCODINGS

NAMES = ("sheet", "header_row", "encoding", "delimiter")


def corrected(post: QueryDict, before: Mapping[str, Any]) -> dict[str, Any] | None:
    """How the file is to be read by a sent form that corrects it; None where it does not.

    Args:
        before: what was corrected earlier; what was only recognised is recognised anew.
    """
    sent = {name: post[f"read-{name}"] for name in NAMES if f"read-{name}" in post}
    changed = {name: text for name, text in sent.items() if text != post.get(f"was-{name}")}
    if not changed:
        return None
    # Another sheet has its header elsewhere.
    said = {**({} if "sheet" in changed else before), **changed}
    row = said.get("header_row")
    if isinstance(row, str) and row.strip().isdecimal():
        said["header_row"] = int(row)
    return {name: value for name, value in said.items() if value != ""}


def reading(
    found: Any, sheets: tuple[str, ...], post: QueryDict | None, error: tuple[str, str] | None
) -> dict[str, Any]:
    """What the mapping page shows of it.

    Args:
        found: sheet, header_row, encoding and delimiter as they are read.
        sheets: the sheets of a workbook.
        post: the choices that could not be followed, with their error.
    """
    encodings = {found.encoding: FOUND_ENCODINGS.get(found.encoding, found.encoding)} | {
        code: word
        for code, word in ENCODINGS.items()
        if word != FOUND_ENCODINGS.get(found.encoding)
    }
    delimiters = {found.delimiter: found.delimiter} | DELIMITERS
    row = {"row": found.header_row}
    if sheets:
        place = {"number": sheets.index(found.sheet) + 1, "count": len(sheets)}
        line = _("Excel, sheet %(number)s of %(count)s (%(sheet)s), header in row %(row)s")
        line %= {**row, **place, "sheet": found.sheet}
        selects = [_select("sheet", _("Sheet"), found, {name: name for name in sheets}, post)]
    else:
        line = _("CSV, %(encoding)s, %(delimiter)s, header in row %(row)s")
        words = (encodings[found.encoding], delimiters[found.delimiter])
        line %= {**row, "encoding": words[0], "delimiter": words[1]}
        selects = [
            _select("encoding", _("Encoding"), found, encodings, post),
            _select("delimiter", _("Delimiter"), found, delimiters, post),
        ]
    shown = post.get("read-header_row", found.header_row) if post else found.header_row
    return {"line": line, "selects": selects, "error": error, **row, "shown_row": shown}


def _select(
    name: str, label: str, found: Any, choices: Mapping[str, Any], post: QueryDict | None
) -> dict[str, Any]:
    was = getattr(found, name)
    chosen = post.get(f"read-{name}", was) if post else was
    return {"name": name, "label": label, "was": was, "chosen": chosen, "choices": choices}
