"""Who the customers are: company, size, place, start, and the kind of contract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from banso.connectors.demo.countries import ABROAD, JAPAN, Country
from banso.connectors.demo.names import CompanyName, NameMint, corporate_number
from banso.connectors.demo.randomness import dice, stream
from banso.connectors.demo.sizes import Size
from banso.connectors.demo.team import cs_owner, sales_owner
from banso.connectors.demo.timeline import DAYS, Ints, Timeline
from banso.connectors.demo.words import INDUSTRIES, Industry

SEGMENTS = ("SMB", "Mid", "Enterprise")
SMB, MID, ENTERPRISE = range(3)

_SEGMENT_SHARES = (0.56, 0.31, 0.13)
_SHARE_IN_JAPAN = 0.70
_SHARE_BEFORE_HISTORY = 0.62
"""Customers that signed before the recorded 24 months; the rest is growth of some 25 % a year."""

_LONGEST_PAST = 1100
"""The oldest customers signed five years ago, when the demo company was founded."""

_MEDIAN_EMPLOYEES = np.array([30, 260, 1900])
_MEDIAN_SEATS = np.array([4.7, 10.5, 22.0])
_SEAT_BOUNDS = ((2, 12), (6, 26), (14, 56))
_FIXED_TERM_SHARE = np.array([0.08, 0.42, 1.0])
"""Fixed terms are for larger customers. The rest run on from month to month, so that the
renewals of one quarter fit on a page."""


@dataclass(frozen=True)
class Customers:
    """One entry per account in every column, in the order of their numbers.

    ``start_month`` counts from January 1970; ``start`` is the same day as an offset from today;
    ``term_months`` is 0 for contracts that run on from month to month.
    """

    segment: Ints
    country: list[Country]
    region: list[str]
    time_zone: list[str]
    industry: list[Industry]
    company: list[CompanyName]
    domain: list[str]
    corporate_number: list[str]
    employees: Ints
    seats: Ints
    start_month: Ints
    start_day: Ints
    start: Ints
    term_months: Ints
    cs_owner: list[str]
    sales_owner: list[str]

    def __len__(self) -> int:
        return len(self.company)

    def external_id(self, index: int) -> str:
        """The id of the account in every file."""
        return f"A{index + 1:05d}"

    def language(self, index: int) -> str:
        """Japanese in Japan, English abroad."""
        return "ja" if self.country[index].code == "JP" else "en"


def _countries(count: int, rng: np.random.Generator) -> list[Country]:
    weights = np.array([country.weight for country in ABROAD])
    abroad = rng.choice(len(ABROAD), size=count, p=weights / weights.sum())
    home = rng.random(count) < _SHARE_IN_JAPAN
    return [JAPAN if at_home else ABROAD[pick] for at_home, pick in zip(home, abroad, strict=True)]


def _starts(count: int, rng: np.random.Generator) -> Ints:
    """Offsets of the first days; recent months are a little busier, as the company grows."""
    before = rng.random(count) < _SHARE_BEFORE_HISTORY
    old = -DAYS - rng.integers(1, _LONGEST_PAST, count)
    new = -(rng.random(count) ** 1.1 * (DAYS - 6) + 6).astype(np.int64)
    return np.asarray(np.where(before, old, new), dtype=np.int64)


def _terms(segment: Ints, rng: np.random.Generator) -> Ints:
    fixed = rng.random(len(segment)) < _FIXED_TERM_SHARE[segment]
    enterprise = rng.choice([12, 24, 36], size=len(segment), p=[0.3, 0.45, 0.25])
    months = np.where(segment == ENTERPRISE, enterprise, 12)
    return np.where(fixed, months, 0).astype(np.int64)


def _seats(segment: Ints, size: Size, rng: np.random.Generator) -> Ints:
    """Log-normal licence counts within the usual range of each segment."""
    drawn = _MEDIAN_SEATS[segment] * np.exp(rng.normal(0, 0.5, len(segment)))
    bounds = np.array(_SEAT_BOUNDS)[segment]
    seats = np.clip(drawn, bounds[:, 0], bounds[:, 1]) * size.seat_factor
    return np.asarray(np.maximum(np.rint(seats), 2), dtype=np.int64)


def draw_customers(size: Size, timeline: Timeline, seed: int) -> Customers:
    """The companies of the demo, the same for the same seed and day."""
    rng = stream(seed, "customers")
    count = size.accounts
    segment = rng.choice(3, size=count, p=_SEGMENT_SHARES)
    country = _countries(count, rng)
    japanese = np.array([c.code == "JP" for c in country])
    start_month = timeline.month_of_offset(_starts(count, rng))
    # Japanese contracts begin with a month; abroad they begin on the day of signing.
    start_day = np.where(japanese, 1, rng.integers(1, 29, count))
    start = timeline.offset_of_month(start_month, start_day)
    start_month = np.where(start > -5, start_month - 1, start_month)
    trades = rng.integers(0, len(INDUSTRIES), count)
    owners = rng.random((count, 2))
    employees = _MEDIAN_EMPLOYEES[segment] * np.exp(rng.normal(0, 0.55, count))
    mint = NameMint()
    company: list[CompanyName] = []
    places: list[tuple[str, str]] = []
    for index in range(count):
        chance = dice(seed, "company", index)
        company.append(mint.mint(chance, INDUSTRIES[trades[index]], country[index]))
        places.append(chance.choice(country[index].places))
    serials = rng.permutation(90_000_000 // 7919)[:count] * 7919 + 11
    return Customers(
        segment=segment,
        country=country,
        region=[place[0] for place in places],
        time_zone=[place[1] for place in places],
        industry=[INDUSTRIES[trade] for trade in trades],
        company=company,
        domain=[mint.domain(c.slug) for c in company],
        corporate_number=[
            corporate_number(int(s)) if home else ""
            for s, home in zip(serials, japanese, strict=True)
        ],
        employees=np.maximum(np.rint(employees), 4).astype(np.int64),
        seats=_seats(segment, size, rng),
        start_month=start_month,
        start_day=start_day,
        start=timeline.offset_of_month(start_month, start_day),
        term_months=_terms(segment, rng),
        cs_owner=[
            cs_owner(c.code, SEGMENTS[s], d).email
            for c, s, d in zip(country, segment, owners[:, 0], strict=True)
        ],
        sales_owner=[
            sales_owner(c.code, d).email for c, d in zip(country, owners[:, 1], strict=True)
        ],
    )
