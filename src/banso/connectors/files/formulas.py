"""Text that no spreadsheet takes for a formula, and back.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-``, ``@``, TAB or a line break. Such a
text gets an apostrophe in front, which spreadsheets take as "this is text". The same happens behind
a semicolon, TAB or line break within a text: where lists are separated by semicolons, Excel begins
a new cell there whatever is quoted.
"""

from __future__ import annotations

import re

# What begins with an apostrophe already gets another, so that taking one away is exact.
_RISKY = re.compile(r"(^|[;\t\r\n])(?=[=+\-@＝＋－＠'\t\r\n])")
_DEFUSED = re.compile(r"(^|[;\t\r\n])'")


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return _RISKY.sub(r"\1'", text)


def undefused(text: str) -> str:
    """The text as it was before :func:`defused`."""
    return _DEFUSED.sub(r"\1", text)
