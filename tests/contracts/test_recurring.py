"""ARR: golden figures by hand, and what happens to foreign money."""

from __future__ import annotations

from datetime import date

import pytest

from banso.contracts.rules.recurring import PricedLine, annual_by_currency, shown_arr
from banso.kit.errors import InvalidInputError
from banso.kit.money import Money
from banso.kit.rates import Rates

MAY = date(2026, 5, 1)


def line(minor: int, currency: str = "JPY", **kwargs: object) -> PricedLine:
    start = kwargs.pop("start", date(2026, 1, 1))
    end = kwargs.pop("end", None)
    return PricedLine(start, end, Money(minor, currency), **kwargs)  # type: ignore[arg-type]


def test_arr_is_twelve_times_the_active_monthly_prices_without_trials() -> None:
    lines = [
        line(30_000),
        line(5_000, end=date(2026, 5, 2)),
        line(7_000, end=MAY),
        line(9_000, start=date(2026, 5, 2)),
        line(50_000, is_trial=True),
    ]
    assert annual_by_currency(lines, MAY) == {"JPY": 420_000}


def test_known_rates_turn_everything_into_the_company_currency() -> None:
    rates = Rates.parse("JPY", {"USD": "150", "EUR": "162.5"})
    shown = shown_arr({"JPY": 120_000, "USD": 10_000, "EUR": 20_000}, rates)
    assert shown.arr == Money(120_000 + 15_000 + 32_500, "JPY")
    assert not shown.at_face


def test_one_foreign_currency_without_rate_is_shown_as_itself() -> None:
    shown = shown_arr({"USD": 3_343_200}, Rates.parse("JPY", {}))
    assert (shown.arr, shown.at_face) == (Money(3_343_200, "USD"), True)


def test_a_mix_that_cannot_be_converted_is_marked() -> None:
    shown = shown_arr({"JPY": 1_000, "USD": 10_000}, Rates.parse("JPY", {}))
    assert (shown.arr, shown.at_face) == (Money(1_100, "JPY"), True)


def test_no_lines_is_zero_in_the_company_currency() -> None:
    assert shown_arr({}, Rates.parse("JPY", {})).arr == Money(0, "JPY")


@pytest.mark.parametrize("text", ["0", "-1", "abc", "NaN", "inf", ""])
def test_a_rate_must_be_a_number_above_zero(text: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        Rates.parse("JPY", {"USD": text})
    assert error.value.code == "invalid-exchange-rate"
