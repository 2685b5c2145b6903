"""Values that no database keeps, or that readers understand differently."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import numpy as np

from banso.usage.rules.collect import cutting
from banso.usage.rules.collect.limits import INTEGERS, MOST_DEPTH

_LONGEST_INTEGER = len(str(INTEGERS.start))
#: Digits as 0, what ends a number as a comma, so that two searches see all numbers. The sign of an
#: exponent counts as one more digit of it.
_SHAPES = bytes.maketrans(b"123456789+E}] \r\n\t", b"0000000000e,,,,,,")
_LONG_NUMBER = b"0" * 19
_HUGE_EXPONENT = re.compile(rb"e000+,")
_END_OF_EXPONENT = re.compile(rb"[0-9+]{3,}[,}\] \r\n\t]")
#: Characters from which on a look at all at once pays, and findings after which it no longer does.
_LONG_TEXT, _MANY = 4_096, 200
_FOUR_DIGITS = np.uint32(0x01010101)
#: NUL, half characters; and letters that nobody escapes but to hide the name of a field.
_ESCAPED = re.compile(rb"\\u(?:00(?:00|[4-7])|[dD][89a-fA-F])")


class Refused(Exception):  # noqa: N818 - a finding about a message, not a failure
    """A message that goes to quarantine; ``code`` is one of ``usage.types.REFUSALS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def may_hold_bad_values(text: bytes) -> bool:
    """A quick look: false only if there is no number out of range, NUL or half character."""
    # The search for one character is many times faster than that for an expression.
    if b"\\" in text and _ESCAPED.search(text):
        return True
    if len(text) >= _LONG_TEXT and not _may_hold_bad_numbers(text):
        return False
    shapes = text.translate(_SHAPES)
    return _LONG_NUMBER in shapes or _HUGE_EXPONENT.search(shapes) is not None


def _may_hold_bad_numbers(text: bytes) -> bool:
    """A quicker look that finds some harmless numbers too."""
    signs = np.frombuffer(text, np.uint8)
    digits = (signs - 48) < 10
    # Nineteen digits in a row fill four times four that begin where a multiple of four is.
    words = digits[: len(text) & ~3].view(np.uint32) == _FOUR_DIGITS
    pairs = words[1:] & words[:-1]
    if (pairs[2:] & pairs[:-2]).any():
        return True
    if b"+" in text:
        digits |= signs == ord("+")
    huge = (signs[:-4] | 32) == ord("e")
    for further in range(1, 4):
        huge &= digits[further : further - 4]
    return bool(huge.any()) and _has_huge_exponent(text, huge.nonzero()[0].tolist())


def _has_huge_exponent(text: bytes, places: list[int]) -> bool:
    ends = _END_OF_EXPONENT.match
    return len(places) > _MANY or any(ends(text, place + 1) for place in places)


def is_too_deep(text: bytes) -> bool:
    """Whether more brackets than the limit are open at once."""
    few = text.count(b"{") + text.count(b"[") <= MOST_DEPTH
    return not few and cutting.depth(text) > MOST_DEPTH


def load_message(text: bytes) -> Any:
    """Read one message with every care; what it returns can be kept.

    Raises:
        Refused: it holds a value that cannot be kept, or is nested too deep.
        ValueError: it is no JSON.
    """
    if is_too_deep(text):
        raise Refused("too-deep")
    if b"\0" in text:
        raise Refused("nul-character")
    try:
        decoded = text.decode()
    except UnicodeDecodeError:
        raise Refused("half-character") from None
    value = json.loads(decoded, parse_int=_integer, parse_float=_number, parse_constant=_constant)
    _check_texts(value)
    return value


def _integer(text: str) -> int:
    # The length is looked at first: reading a number takes time that grows with its square.
    if len(text) > _LONGEST_INTEGER or int(text) not in INTEGERS:
        raise Refused("number-too-large")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Refused("not-finite")
    return number


def _constant(text: str) -> NoReturn:
    raise Refused("not-finite")


def _check_texts(value: Any) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            _check_text(one)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Refused("nul-character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("half-character") from None
