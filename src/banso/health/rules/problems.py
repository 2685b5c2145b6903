"""Refusing what somebody designed, with everything that is wrong in it at once."""

from __future__ import annotations

from collections.abc import Mapping

from banso.kit.errors import InvalidInputError


def refuse(problems: Mapping[str, str], code: str) -> None:
    """Raise when there are problems.

    Args:
        problems: place, such as ``groups[0].measures[1].key``, to the sentence about it.

    Raises:
        InvalidInputError: with the places as its ``fields``.
    """
    if problems:
        raise InvalidInputError(told(problems), code=code, fields=problems)


def told(problems: Mapping[str, str]) -> str:
    """All problems in one line."""
    return " ".join(f"{place}: {text}" for place, text in problems.items())
