"""Cutting JSON at its outermost brackets without reading what lies between.

One message that no JSON reader takes, because it is nested a hundred thousand deep or holds NaN,
must not keep the others of its batch out. Time and memory are linear in the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Strings whole, so that marks in them are passed over; a quote that nothing closes stays alone.
_MARKS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_MEMBER = re.compile(rb'\s*"((?:[^"\\]++|\\.)*+)"\s*:(.*)', re.DOTALL)
_OPEN, _CLOSE = b"[{", b"]}"


def parts(text: bytes) -> Iterator[bytes]:
    """What stands between the commas of an array or object.

    Raises:
        ValueError: it is neither, or its brackets do not close.
    """
    whole = text.strip()
    if whole[:1] + whole[-1:] not in (b"[]", b"{}"):
        raise ValueError("no closed brackets")
    depth, start, seen = 0, 0, False
    for mark in _MARKS.finditer(text):
        sign = mark[0]
        if sign == b'"' or (depth == 0 and (sign not in (b"[", b"{") or start)):
            raise ValueError("no closed brackets")
        if depth == 1 and sign in (b",", b"]", b"}"):
            piece = text[start : mark.start()].strip()
            seen = seen or sign == b","
            if piece or seen:
                yield piece
            start = mark.end()
        if sign in (b"[", b"{"):
            depth += 1
            start = mark.end() if depth == 1 else start
        elif sign in (b"]", b"}"):
            depth -= 1
    if depth or not start or text[start:].strip():
        raise ValueError("no closed brackets")


def members(text: bytes) -> dict[bytes, bytes]:
    """Name → value of an object's members, each as it is written.

    Raises:
        ValueError: it is no object.
    """
    found = [_MEMBER.fullmatch(part) for part in parts(text)]
    if not text.lstrip().startswith(b"{") or not all(found):
        raise ValueError("no object")
    return {match[1]: match[2].strip() for match in found if match}


def depth(text: bytes) -> int:
    """How many brackets are open at most."""
    now = most = 0
    for mark in _MARKS.finditer(text):
        if mark[0] in (b"[", b"{"):
            now += 1
            most = max(most, now)
        elif mark[0] in (b"]", b"}"):
            now -= 1
    return most
