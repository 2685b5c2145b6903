"""Sentences for translation in code that knows no Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def gettext_noop(text: str) -> str:
    """The sentence itself; ``script/messages`` finds the mark, and whoever shows it translates."""
    return text


class Sentence(str):
    """An English sentence that remembers what it was made of, so that it can be translated.

    Args:
        msgid: the sentence, with a place such as ``%(name)s`` for every parameter.
        params: what stands in the places; a :class:`Sentence` is translated with the whole.
    """

    msgid: str
    params: dict[str, Any]

    def __new__(cls, msgid: str, **params: Any) -> Sentence:
        """The sentence in English."""
        made = super().__new__(cls, msgid % params if params else msgid)
        made.msgid, made.params = msgid, params
        return made


def translate(text: str, gettext: Callable[[str], str]) -> str:
    """A sentence in another language; texts that nobody has translated stay as they are."""
    if not isinstance(text, Sentence):
        return gettext(text) if text else ""
    if not text.params:
        return gettext(text.msgid)
    params = {
        name: translate(value, gettext) if isinstance(value, Sentence) else value
        for name, value in text.params.items()
    }
    return gettext(text.msgid) % params
