"""Recurring revenue: what counts, and how several currencies become one figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from banso.kit.money import Money
from banso.kit.rates import Rates

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line's price per month and when it holds; ``end_on`` is exclusive."""

    start_on: date
    end_on: date | None
    mrr: Money
    is_trial: bool = False


def is_active(line: PricedLine, day: date) -> bool:
    """Whether the line holds on the day."""
    return line.start_on <= day and (line.end_on is None or day < line.end_on)


def annual_by_currency(lines: Iterable[PricedLine], day: date) -> dict[str, int]:
    """ARR on a day in minor units by currency: 12 × Σ MRR of active lines that are no trials."""
    totals: dict[str, int] = {}
    for line in lines:
        if is_active(line, day) and not line.is_trial:
            amount = totals.get(line.mrr.currency, 0)
            totals[line.mrr.currency] = amount + MONTHS_A_YEAR * line.mrr.minor
    return totals


@dataclass(frozen=True, slots=True)
class Recurring:
    """An account's ARR as shown; ``at_face`` when a currency had to be taken without a rate."""

    arr: Money
    at_face: bool


def shown_arr(by_currency: Mapping[str, int], rates: Rates) -> Recurring:
    """One ARR figure for an account.

    It is given in the company's currency where rates allow, and in the account's own where all of
    it is in one currency without a rate. A mix that cannot be converted is added at face value and
    marked.
    """
    amounts = [Money(minor, code) for code, minor in by_currency.items()]
    if len(amounts) == 1 and not rates.knows(amounts[0].currency):
        return Recurring(amounts[0], at_face=True)
    total = sum((rates.major(amount) for amount in amounts), Decimal(0))
    at_face = not all(rates.knows(amount.currency) for amount in amounts)
    return Recurring(Money.from_decimal(total, rates.currency), at_face)
