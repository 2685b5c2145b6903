"""What a person who imports a file relies on when it holds numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.kit.errors import InvalidInputError
from banso.kit.numbers import AmbiguousNumbers, NoNumbers, NumberFormat, currency_in, detect

AMOUNTS = st.decimals(-(10**12), 10**12, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("-1,234,567.89", "-1234567.89"),
        ("1 234", "1234"),
        ("1\u00a0234", "1234"),
        ("1'234.5", "1234.5"),
        ("１，２３４", "1234"),
        ("¥1,200", "1200"),
        ("1,200円", "1200"),
        ("(123)", "-123"),
        ("△1,200", "-1200"),
        ("▲5", "-5"),
        ("12-", "-12"),
        ("−7", "-7"),
        ("12.5%", "0.125"),
        ("1万2千", "12000"),
        ("3億2千万", "320000000"),
        ("２千万円", "20000000"),
        ("1億2,345万6,789円", "123456789"),
        ("1千5百万", "15000000"),
        ("3百", "300"),
        ("1.5億", "150000000"),
        ("3万", "30000"),
        ("USD 1,200.50", "1200.50"),
        ("$ -5", "-5"),
        ("1.23E+05", "123000"),
        (".5", "0.5"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, value):
    assert NumberFormat().parse(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,5", "1234.5"), ("3,5", "3.5"), ("1.234.567", "1234567"), ("12", "12")],
)
def test_with_a_decimal_comma_points_group(text, value):
    assert NumberFormat(",").parse(text) == Decimal(value)


@given(st.sampled_from([".", ","]), st.lists(AMOUNTS, min_size=1, max_size=30))
def test_a_column_of_amounts_is_read_back_exactly(mark, amounts):
    group = "," if mark == "." else "."
    texts = [f"{a:,.2f}".translate(str.maketrans({",": group, ".": mark})) for a in amounts]
    found = detect(texts)
    assert found == NumberFormat(mark)
    assert [found.parse(t) for t in texts] == amounts


def test_thousands_with_commas_are_not_questioned_but_points_are():
    assert detect(["1,200", "980", "300"]) == NumberFormat(".")
    assert detect(["1.200", "980"]) == AmbiguousNumbers(("1.200",))
    assert detect(["1.200", "980", "0.5"]) == NumberFormat(".")
    assert detect(["1.200", "9,5"]) == NumberFormat(",")


def test_marks_that_contradict_each_other_are_asked():
    assert isinstance(detect(["1,234.50", "1.234,50"]), AmbiguousNumbers)


def test_a_column_of_words_holds_no_numbers():
    assert detect(["red", "12", "green"]) == NoNumbers(("red", "green"))
    assert detect([""]) == NoNumbers(())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "not-a-number"),
        ("", "not-a-number"),
        ("1,23,4", "not-a-number"),
        ("1.2.3", "not-a-number"),
        ("NaN", "not-finite"),
        ("-inf", "not-finite"),
        ("Infinity", "not-finite"),
        ("--5", "not-a-number"),
        ("9223372036854775808", "number-too-large"),
        ("1e400", "number-too-large"),
        ("9" * 5000, "not-a-number"),
    ],
)
def test_what_is_no_number_says_why(text, code):
    with pytest.raises(InvalidInputError) as error:
        NumberFormat().parse(text)
    assert error.value.code == code
    assert error.value.remedy


def test_a_whole_number_refuses_a_fraction():
    assert NumberFormat().parse_int("10.0") == 10
    with pytest.raises(InvalidInputError) as error:
        NumberFormat().parse_int("10.5")
    assert error.value.code == "not-whole"


@given(st.text(max_size=30))
def test_any_text_gives_a_finite_number_or_a_clear_error(text):
    try:
        assert NumberFormat().parse(text).is_finite()
    except InvalidInputError:
        return


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("￥1,200", "JPY"),
        ("1,200円", "JPY"),
        ("$5", "USD"),
        ("EUR 5", "EUR"),
        ("5USD", "USD"),
        ("5", None),
    ],
)
def test_a_currency_sign_is_seen(text, code):
    assert currency_in(text) == code
