"""Money as whole minor units of an ISO 4217 currency, so that sums are exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision

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


@dataclass(frozen=True, slots=True)
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
