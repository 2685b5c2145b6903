"""Everything that can be wrong with a file or a row: code, sentence and remedy, in one place.

Sentences are English message ids; :func:`problem_text` words them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_noop

from banso.connectors.files.problem_texts import FILE_TEXTS, ROW_TEXTS
from banso.connectors.types import Severity
from banso.kit.errors import BansoError, InvalidInputError
from banso.kit.messages import Sentence, translate

__all__ = ["FileProblemError", "RowProblem", "kept", "kept_text", "problem_text"]

_TEXTS = FILE_TEXTS | ROW_TEXTS
#: Parameters that are words of ours and not of the file.
_WORDS = frozenset({"what", "reason"})
_UNKNOWN = (gettext_noop("The value cannot be taken."), gettext_noop("Correct it and try again."))


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one row; an error keeps the row out, a warning does not."""

    row: int
    code: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        """The sentence in English."""
        return _fill(_TEXTS.get(self.code, _UNKNOWN)[0], self.params)

    @property
    def remedy(self) -> str:
        """What to do about it, in English."""
        return _fill(_TEXTS.get(self.code, _UNKNOWN)[1], self.params)


class FileProblemError(InvalidInputError):
    """The file as a whole cannot be read; nothing of it was taken.

    Args:
        code: one of the codes of :mod:`banso.connectors.files.problem_texts`.
        row: line where it shows, counted from 1, if there is one.
        column: name of the column at fault, if there is one.
        params: values for the sentence.
    """

    def __init__(
        self, code: str, *, row: int | None = None, column: str = "", **params: Any
    ) -> None:
        message, remedy = _TEXTS[code]
        super().__init__(_fill(message, params), code=code, remedy=_fill(remedy, params))
        self.row = row
        self.column = column
        self.params = params


def problem_text(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Sentence and remedy in the active language."""
    message, remedy = _TEXTS.get(code, _UNKNOWN)
    worded = {
        name: translate(value, gettext) if name in _WORDS and isinstance(value, str) else value
        for name, value in params.items()
    }
    return _fill(gettext(message), worded), _fill(gettext(remedy), worded)


def kept(error: BansoError) -> dict[str, Any]:
    """An error as JSON can keep it; :func:`kept_text` words it later, in any language."""
    if not isinstance(error, FileProblemError):
        return {"message": error.message, "remedy": error.remedy}
    params = {name: _dumped(value) for name, value in error.params.items()}
    return {"code": error.code, "column": error.column, "params": params}


def kept_text(error: Mapping[str, Any]) -> tuple[str, str]:
    """Sentence and remedy of what :func:`kept` has kept, in the active language."""
    if "code" not in error:
        return error["message"], error["remedy"]
    return problem_text(error["code"], {k: _loaded(v) for k, v in error["params"].items()})


def _dumped(value: Any) -> Any:
    if not isinstance(value, Sentence):
        return str(value) if isinstance(value, Exception) else value
    params = {name: _dumped(param) for name, param in value.params.items()}
    return {"msgid": value.msgid, "params": params}


def _loaded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Sentence(value["msgid"], **{k: _loaded(v) for k, v in value["params"].items()})


def _fill(template: str, params: Mapping[str, Any]) -> str:
    try:
        return template % dict(params)
    except (KeyError, TypeError, ValueError):
        return template
