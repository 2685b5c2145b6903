"""Invented company names, corporate numbers and domains."""

from __future__ import annotations

import random
from dataclasses import dataclass

from banso.connectors.demo.countries import Country
from banso.connectors.demo.words import (
    COINED_HEADS,
    COINED_TAILS,
    FOREIGN_HEADS,
    FOREIGN_TAILS,
    HEADS,
    TAILS,
    Industry,
    Word,
)

_UNASSIGNED_OFFICE = "9999"
"""No registry office has this code, so that a demo number is never that of a real company."""


@dataclass(frozen=True)
class CompanyName:
    """A company's name in the forms that the accounts file holds."""

    name: str
    kana: str
    english: str
    slug: str


def corporate_number(serial: int) -> str:
    """A 13-digit 法人番号: check digit, then 12 digits made from a serial number (0–99,999,999).

    The check digit is 9 − (Σ digit × weight mod 9), weights 1, 2, 1, 2 … from the right.
    """
    base = f"{_UNASSIGNED_OFFICE}{serial:08d}"
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base)))
    return f"{9 - total % 9}{base}"


def _japanese(dice: random.Random, industry: Industry) -> CompanyName:
    coined = dice.random() < 0.25
    head = dice.choice(COINED_HEADS if coined else HEADS)
    tail = dice.choice(COINED_TAILS if coined else TAILS)
    trade: Word = dice.choice(industry.words)
    body = head.written + tail.written + trade.written
    latin = f"{head.latin}{tail.latin} {trade.latin.replace('-', ' ')}"
    return CompanyName(
        name=f"株式会社{body}" if dice.random() < 0.5 else f"{body}株式会社",
        kana=f"{head.kana}{tail.kana} {trade.kana}",
        english=f"{latin} Co., Ltd.",
        slug=latin.lower().replace(" ", "-"),
    )


def _foreign(dice: random.Random, industry: Industry, country: Country) -> CompanyName:
    stem = dice.choice(FOREIGN_HEADS) + dice.choice(FOREIGN_TAILS)
    name = f"{stem} {dice.choice(industry.foreign)} {dice.choice(country.legal_forms)}"
    return CompanyName(
        name=name, kana="", english=name, slug=f"{stem.lower()}-{country.code.lower()}"
    )


class NameMint:
    """Gives out company names, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._slugs: dict[str, int] = {}

    def mint(self, dice: random.Random, industry: Industry, country: Country) -> CompanyName:
        """A name that has not been given out before."""
        while True:
            japanese = country.code == "JP"
            made = _japanese(dice, industry) if japanese else _foreign(dice, industry, country)
            key = made.english
            if key not in self._taken:
                self._taken.add(key)
                return made

    def domain(self, slug: str) -> str:
        """A domain below the reserved .example, different for every company."""
        seen = self._slugs.get(slug, 0)
        self._slugs[slug] = seen + 1
        return f"{slug}{seen + 1 if seen else ''}.example"
