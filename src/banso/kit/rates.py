"""Fixed exchange rates into one currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from banso.kit.errors import InvalidInputError
from banso.kit.money import Money, currency_digits


@dataclass(frozen=True, slots=True)
class Rates:
    """Fixed rates: how much of the company's ``currency`` one unit of another is worth."""

    currency: str
    per_unit: Mapping[str, Decimal]

    @classmethod
    def parse(cls, currency: str, given: Mapping[str, object]) -> Rates:
        """Read rates as the company's settings keep them, ``{"USD": "151.20"}``.

        Raises:
            InvalidInputError: a rate is not a number above zero.
        """
        return cls(currency, {code: _rate(code, text) for code, text in given.items()})

    def knows(self, currency: str) -> bool:
        """Whether amounts of that currency can be converted."""
        return currency == self.currency or currency in self.per_unit

    def major(self, money: Money) -> Decimal:
        """The amount in major units of the company's currency.

        Where no rate is set the figure is taken at face value: accounts of one foreign currency
        can then still be compared with each other, and the pages say which rate is missing.
        """
        return money.amount * self.per_unit.get(money.currency, Decimal(1))


def _rate(code: str, text: object) -> Decimal:
    currency_digits(code)
    try:
        rate = Decimal(str(text))
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate <= 0:
        raise InvalidInputError(
            f"“{text}” is not an exchange rate for {code}.",
            code="invalid-exchange-rate",
            remedy="Give a number above zero, such as 151.20.",
            fields={"exchange_rates": f"{code}: {text}"},
        )
    return rate
