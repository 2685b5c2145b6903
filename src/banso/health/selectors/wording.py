"""What the readers of metrics, filters and rules refuse, in the language of who reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext

from banso.health.rules.problems import told
from banso.kit.errors import InvalidInputError
from banso.kit.messages import translate

T = TypeVar("T")


def worded(read: Callable[[Any], T], data: object) -> T:
    """Read JSON by one of the rules' readers, with their sentences in the reader's language.

    Raises:
        InvalidInputError: ``fields`` maps places to sentences.
    """
    try:
        return read(data)
    except InvalidInputError as error:
        fields = {place: translate(text, gettext) for place, text in error.fields.items()}
        raise InvalidInputError(
            told(fields) or error.message,
            code=error.code,
            remedy=translate(error.remedy, gettext),
            fields=fields,
        ) from None
