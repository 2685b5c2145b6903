"""Money as whole minor units of an ISO 4217 currency, so that sums are exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision

from banso.kit.errors import InvalidInputError


@lru_cache(maxsize=512)
def currency_digits(currency: str) -> int:
    """Number of decimals of a currency: 0 for JPY, 2 for USD, 3 for KWD.

    Raises:
        InvalidInputError: the code is not an ISO 4217 currency known to CLDR.
    """
    if currency not in get_global("all_currencies"):
        raise InvalidInputError(
            f"“{currency}” is not a currency code.",
            code="unknown-currency",
            remedy="Use an ISO 4217 code such as JPY, USD or EUR.",
        )
    return int(get_currency_precision(currency))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (yen, cents) of one currency."""

    minor: int
    currency: str

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str) -> Money:
        """Round an amount in major units half-to-even to the currency's minor unit."""
        scaled = amount.scaleb(currency_digits(currency))
        return cls(int(scaled.to_integral_value(rounding=ROUND_HALF_EVEN)), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-currency_digits(self.currency))

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InvalidInputError(
                f"{self.currency} and {other.currency} cannot be added.",
                code="mixed-currencies",
                remedy="Convert one of them first.",
            )
        return Money(self.minor + other.minor, self.currency)

    def format(self, locale: str) -> str:
        """The amount as a reader of the locale writes it; JPY has no decimals."""
        return str(format_currency(self.amount, self.currency, locale=locale))
