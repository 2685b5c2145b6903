"""Checking what people type into the fields of accounts and contacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from banso.accounts.rules import bare_domain, is_domain
from banso.accounts.types import ContactRole, Lifecycle, Literacy
from banso.kit.errors import InvalidInputError
from banso.kit.text import clean, corporate_number_is_valid

Check = Callable[[Any], Any]
MAX_EMPLOYEES = 2_147_483_647


def checked(values: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The values as they are stored, or one error that names every field at fault.

    Raises:
        InvalidInputError: with a sentence per field.
    """
    if unknown := values.keys() - checks.keys():
        raise InvalidInputError(
            _("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(unknown))}
        )
    good, bad = {}, {}
    for field, value in values.items():
        try:
            good[field] = checks[field](value)
        except InvalidInputError as error:
            bad[field] = error.message
    if bad:
        raise InvalidInputError(next(iter(bad.values())), fields=bad)
    return good


def text(limit: int, *, required: bool = False) -> Check:
    """Text of at most ``limit`` characters, cleaned of control characters and spare spaces."""

    def check(value: Any) -> str:
        cleaned = clean(str(value or ""))
        if required and not cleaned:
            raise InvalidInputError(_("Fill this in."))
        if len(cleaned) > limit:
            raise InvalidInputError(
                _("At most %(limit)d characters; these are %(length)d.")
                % {"limit": limit, "length": len(cleaned)}
            )
        return cleaned

    return check


def long_text(value: Any) -> str:
    """Text of several lines; line ends are kept, trailing spaces are not."""
    lines = str(value or "").replace("\r\n", "\n").replace("\x00", "").split("\n")
    joined = "\n".join(line.rstrip() for line in lines).strip()
    if len(joined) > 20_000:
        raise InvalidInputError(
            _("At most %(limit)d characters; these are %(length)d.")
            % {"limit": 20_000, "length": len(joined)}
        )
    return joined


def one_of(options: type[Any]) -> Check:
    """Empty, or one of an enumeration's values."""
    known = {member.value for member in options}

    def check(value: Any) -> str:
        if value and value not in known:
            raise InvalidInputError(_("Choose one of the values offered."))
        return str(value or "")

    return check


def domain(value: Any) -> str:
    """A web address or mail domain, kept as the bare host."""
    host = bare_domain(str(value or ""))
    if host and not is_domain(host):
        raise InvalidInputError(_("This is not a web address. Write it like example.co.jp."))
    return host


def corporate_number(value: Any) -> str:
    """A 法人番号: 13 digits with a check digit."""
    number = clean(str(value or "")).replace("-", "").replace(" ", "").removeprefix("T")
    if number and not corporate_number_is_valid(number):
        raise InvalidInputError(
            _("This is not a corporate number: it has 13 digits, the first a check digit.")
        )
    return number


def employees(value: Any) -> int | None:
    """A head count, or nothing."""
    if value in (None, ""):
        return None
    digits = clean(str(value)).replace(",", "")
    if not (digits.isascii() and digits.isdigit()) or int(digits) > MAX_EMPLOYEES:
        raise InvalidInputError(_("Write a whole number, such as 250."))
    return int(digits)


def day(value: Any) -> date | None:
    """A date, or nothing."""
    if value in (None, "") or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise InvalidInputError(
            _("“%(value)s” is not a date. Write it like 2026-04-01.") % {"value": value}
        ) from None


def zone(value: Any) -> str:
    """An IANA time zone, or nothing."""
    name = str(value or "").strip()
    try:
        return str(ZoneInfo(name)) if name else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            _("“%(value)s” is not a time zone. Write it like Asia/Tokyo.") % {"value": name}
        ) from None


def email(value: Any) -> str:
    """A mail address, or nothing."""
    address = clean(str(value or ""))
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInputError(_("This is not a mail address.")) from None
    return address


def yes_no_unknown(value: Any) -> bool | None:
    """Yes, no, or never asked."""
    return {"yes": True, "no": False, True: True, False: False}.get(value)


def as_is(value: Any) -> Any:
    """A record that the caller has fetched."""
    return value


ACCOUNT_CHECKS: dict[str, Check] = {
    "name": text(300, required=True),
    "name_kana": text(300),
    "name_en": text(300),
    "domain": domain,
    "corporate_number": corporate_number,
    "industry": text(120),
    "employees": employees,
    "country": text(80),
    "region": text(120),
    "address": text(500),
    "language": text(8),
    "time_zone": zone,
    "segment": text(80),
    "lifecycle": one_of(Lifecycle),
    "customer_since": day,
    "parent": as_is,
    "cs_owner": as_is,
    "sales_owner": as_is,
}
CONTACT_CHECKS: dict[str, Check] = {
    "name": text(200, required=True),
    "name_kana": text(200),
    "email": email,
    "phone": text(40),
    "department": text(120),
    "title": text(120),
    "role": one_of(ContactRole),
    "literacy": one_of(Literacy),
    "language": text(8),
    "consent": yes_no_unknown,
    "left_on": day,
}
