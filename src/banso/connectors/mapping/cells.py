"""From the text of a cell to the value of a field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import MAXYEAR, datetime, tzinfo
from decimal import Decimal
from typing import Any

from banso.connectors.mapping.fields import Field, FieldType
from banso.kit.dates import DateFormat
from banso.kit.errors import InvalidInputError
from banso.kit.money import currency_digits
from banso.kit.numbers import NumberFormat
from banso.kit.text import clean, corporate_number_is_valid

Converter = Callable[[str], Any]

_YES = frozenset(["true", "t", "yes", "y", "1", "on", "はい", "有", "あり", "○", "可", "する"])
_NO = frozenset(
    ["false", "f", "no", "n", "0", "off", "いいえ", "無", "なし", "×", "不可", "しない"]
)
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_SPOKEN_CURRENCIES = {
    "円": "JPY",
    "¥": "JPY",
    "ドル": "USD",
    "$": "USD",
    "€": "EUR",
    "ユーロ": "EUR",
}


class CellError(InvalidInputError):
    """A cell that does not fit its field; carries the values for the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, code=code)
        self.params = params


def converter(
    field: Field,
    *,
    dates: DateFormat | None = None,
    numbers: NumberFormat | None = None,
    zone: tzinfo,
) -> Converter:
    """The function that reads cells of a field.

    Args:
        field: the field.
        dates: how its column writes dates.
        numbers: how its column writes numbers.
        zone: where times without a zone belong.
    """
    match field.type:
        case FieldType.TEXT:
            return lambda text: _text(text, field.limit)
        case FieldType.INTEGER:
            return _integer(field, numbers or NumberFormat())
        case FieldType.DECIMAL:
            return _decimal(field, numbers or NumberFormat())
        case FieldType.DATE if dates:
            return _told(lambda text: dates.day(text, zone))
        case FieldType.MOMENT if dates:
            return _told(lambda text: _shown_everywhere(dates.moment(text, zone)))
        case FieldType.YES_NO:
            return _yes_no
        case FieldType.CHOICE:
            return _choice(field)
        case FieldType.MAIL:
            return _mail
        case FieldType.CURRENCY:
            return _currency
        case FieldType.CORPORATE_NUMBER:
            return _corporate_number
    raise ValueError(f"{field.name} needs a date format.")


def _told(read: Converter) -> Converter:
    """Give the kit's errors the text that they are about."""

    def convert(text: str) -> Any:
        try:
            return read(text)
        except CellError:
            raise
        except InvalidInputError as error:
            raise CellError(error.code, value=text[:100]) from None
        except OverflowError:
            # The first and the last day of all lie outside the calendar in some zones.
            raise CellError("year-out-of-range", value=text[:100]) from None

    return convert


def _shown_everywhere(moment: datetime) -> datetime:
    """The moment, unless it lies outside the calendar in the zone of some reader."""
    if moment.year == MAXYEAR:
        raise OverflowError
    return moment


def _text(text: str, limit: int) -> str:
    value = clean(text)
    if len(value) > limit:
        raise CellError("too-long", length=len(value), limit=limit)
    return value


def _integer(field: Field, numbers: NumberFormat) -> Converter:
    return _told(lambda text: _in_range(numbers.parse_int(text), field, text))


def _decimal(field: Field, numbers: NumberFormat) -> Converter:
    return _told(lambda text: _in_range(numbers.parse(text), field, text))


def _in_range(value: Any, field: Field, text: str) -> int | Decimal:
    if field.low == 0 and value < 0:
        raise CellError("negative", value=text)
    low, high = field.low, field.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise CellError("out-of-range", value=text, low=low, high=high if high is not None else "∞")
    checked: int | Decimal = value
    return checked


def _yes_no(text: str) -> bool:
    word = clean(text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("not-yes-no", value=text[:100])


def _choice(field: Field) -> Converter:
    words = {
        clean(w).casefold(): value for value, ws in field.choices.items() for w in (value, *ws)
    }

    def convert(text: str) -> str:
        value = words.get(clean(text).casefold())
        if value is None:
            raise CellError("unknown-choice", value=text[:100], choices=", ".join(field.choices))
        return value

    return convert


def _mail(text: str) -> str:
    value = clean(text).lower()
    if not _MAIL.fullmatch(value) or len(value) > 254:
        raise CellError("not-an-address", value=text[:100])
    return value


def _currency(text: str) -> str:
    value = _SPOKEN_CURRENCIES.get(clean(text), clean(text).upper())
    try:
        currency_digits(value)
    except InvalidInputError:
        raise CellError("unknown-currency", value=text[:100]) from None
    return value


def _corporate_number(text: str) -> str:
    value = clean(text).replace("-", "")
    if not corporate_number_is_valid(value):
        raise CellError("bad-corporate-number", value=text[:100])
    return value
