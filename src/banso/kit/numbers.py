"""Numbers as people write them, with one decimal mark for a whole column.

``1.234`` is a little more than one in Tokyo and more than a thousand in Berlin; the column decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from banso.kit.errors import InvalidInputError

INT64_MAX = 2**63 - 1
_LONGEST = 64

_CURRENCIES = {"¥": "JPY", "円": "JPY", "$": "USD", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR"}
_CURRENCY = re.compile(r"[¥円$€£₩₹]|\b[A-Z]{3}\b|(?<=\d)[A-Z]{3}$|^[A-Z]{3}(?=[\d-])")
# Spaces of every width and apostrophes group digits in several countries.
_GROUPING = re.compile(r"(?<=\d)[\s'’_](?=\d)")
_PLAIN = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d{1,3})?|[+-]?[.,]\d+")
_BELOW_MYRIAD = r"(?:(\d[\d.,]*)千)?(?:(\d[\d.,]*)百)?(\d[\d.,]*)?"
_KANJI_NUMBER = re.compile(f"(?:{_BELOW_MYRIAD}億)?(?:{_BELOW_MYRIAD}万)?{_BELOW_MYRIAD}")
_KANJI_UNITS = tuple(high * low for high in (10**8, 10**4, 1) for low in (1_000, 100, 1))
_GROUPED = {",": re.compile(r"\d{1,3}(?:,\d{3})+"), ".": re.compile(r"\d{1,3}(?:\.\d{3})+")}

Mark = Literal[".", ","]


@dataclass(frozen=True, slots=True)
class AmbiguousNumbers:
    """Every value fits with either decimal mark (all look like 1.234); ask which is meant."""

    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoNumbers:
    """Most values of the column are no numbers."""

    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How one column writes its numbers: its decimal mark is ``.`` or ``,``."""

    decimal: Mark = "."

    def parse(self, text: str) -> Decimal:
        """Read one value exactly; 12.5% becomes 0.125, (123), △123 and 123- become −123.

        Raises:
            InvalidInputError: ``not-a-number``, ``not-finite`` (NaN, infinity) or
                ``number-too-large`` (beyond 64 bits).
        """
        if text.isdigit() and text.isascii() and len(text) < 19:
            return Decimal(text)
        value = _parse(text, self.decimal)
        if abs(value) > INT64_MAX:
            raise _error("number-too-large", text)
        return value

    def parse_int(self, text: str) -> int:
        """Read a whole number; 10.0 is one, 10.5 raises ``not-whole``."""
        if text.isdigit() and text.isascii() and len(text) < 19:
            return int(text)
        value = self.parse(text)
        if value != value.to_integral_value():
            raise _error("not-whole", text)
        return int(value)


def small_int(text: str, *, most: int = 2**31 - 1) -> int | None:
    """A whole number as an address or a form carries it; None for anything else or beyond."""
    digits = text.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))):
        return None
    value = int(text)
    return value if -most <= value <= most else None


def detect(values: Iterable[str]) -> NumberFormat | AmbiguousNumbers | NoNumbers:
    """Find the decimal mark of a whole column.

    A comma is a decimal mark only where some value proves it (``3,5``, ``1.234,50``): lists of
    thousands such as 1,200 are common, numbers of exactly three decimals with a comma are not.
    """
    good = bad = 0
    seen: dict[str, list[str]] = {"point": [], "comma": [], "either": [], "bad": []}
    for text in values:
        if not text or text.isspace():
            continue
        kind = _evidence(text)
        bad += kind == "bad"
        good += kind != "bad"
        if kind in seen and len(seen[kind]) < 5:
            seen[kind].append(text)
    if good == 0 or bad > good:
        return NoNumbers(tuple(seen["bad"]))
    if seen["point"] and seen["comma"]:
        return AmbiguousNumbers((*seen["point"][:2], *seen["comma"][:2]))
    if seen["either"] and not seen["point"] and not seen["comma"]:
        return AmbiguousNumbers(tuple(seen["either"]))
    return NumberFormat("," if seen["comma"] else ".")


def currency_in(text: str) -> str | None:
    """The ISO code of the currency sign or code written in a number, if any (¥, 円 → JPY)."""
    found = _CURRENCY.search(normalize("NFKC", text).upper())
    if found is None:
        return None
    return _CURRENCIES.get(found[0], found[0])


@lru_cache(maxsize=50_000)
def _evidence(text: str) -> str:
    """What one value proves: point, comma, either (1.234), none (plain digits) or bad."""
    try:
        body = _strip(text)[0]
    except InvalidInputError:
        return "bad"
    body = body.lstrip("+-")
    if not _PLAIN.fullmatch(body) and not _is_kanji(body):
        return "bad"
    commas, points = body.count(","), body.count(".")
    if commas and points:
        return "point" if body.rfind(".") > body.rfind(",") else "comma"
    if commas:
        return "none" if _GROUPED[","].fullmatch(body) and body[0] != "0" else "comma"
    if points == 1:
        return "either" if _GROUPED["."].fullmatch(body) and body[0] != "0" else "point"
    return "comma" if points else "none"


@lru_cache(maxsize=100_000)
def _parse(text: str, mark: Mark) -> Decimal:
    body, sign, percent = _strip(text)
    if _is_kanji(body):
        value = _kanji(body, mark, text)
    else:
        if not _PLAIN.fullmatch(body):
            raise _error("not-a-number", text)
        value = _plain(body, mark, text)
    value *= sign
    return value / 100 if percent else value


def _strip(text: str) -> tuple[str, int, bool]:
    """The digits with their marks, the sign, and whether it is a percentage."""
    if len(text) > _LONGEST:
        raise _error("not-a-number", text)
    body = normalize("NFKC", text).strip().replace("−", "-")
    if body.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        raise _error("not-finite", text)
    body = _CURRENCY.sub("", body).strip()
    sign = 1
    if body.startswith("(") and body.endswith(")"):
        body, sign = body[1:-1], -1
    elif body[:1] in {"△", "▲"} or body.endswith("-"):
        body, sign = body.strip("△▲-"), -1
    percent = body.endswith("%")
    body = _GROUPING.sub("", body.rstrip("%").strip())
    return re.sub(r"^([+-])\s+", r"\1", body), sign, percent


def _plain(body: str, mark: Mark, text: str) -> Decimal:
    other = "," if mark == "." else "."
    whole, _, fraction = body.partition(mark)
    if other in whole and not _GROUPED[other].fullmatch(whole.lstrip("+-")):
        raise _error("not-a-number", text)
    try:
        return Decimal(
            f"{whole.replace(other, '')}.{fraction}"
            if fraction
            else whole.replace(other, "") or "0"
        )
    except InvalidOperation:
        raise _error("not-a-number", text) from None


def _is_kanji(body: str) -> bool:
    return any(unit in body for unit in "億万千百") and _KANJI_NUMBER.fullmatch(body) is not None


def _kanji(body: str, mark: Mark, text: str) -> Decimal:
    m = _KANJI_NUMBER.fullmatch(body)
    if m is None:
        raise _error("not-a-number", text)
    return sum(
        (
            _plain(part, mark, text) * unit
            for part, unit in zip(m.groups(), _KANJI_UNITS, strict=True)
            if part
        ),
        Decimal(0),
    )


def _error(code: str, text: str) -> InvalidInputError:
    shown = text.strip()[:40]
    says = {
        "not-a-number": (f"“{shown}” is not a number.", "Write digits only, such as 1234.5."),
        "not-finite": (f"“{shown}” is not a number that can be stored.", "Leave the cell empty."),
        "number-too-large": (f"“{shown}” is too large.", "The limit is 9,223,372,036,854,775,807."),
        "not-whole": (f"“{shown}” is not a whole number.", "Leave out the decimals."),
    }
    message, remedy = says[code]
    return InvalidInputError(message, code=code, remedy=remedy)
