"""What traits say in the fields of accounts and contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from banso.usage.rules.intake.folding import first_text

#: Mail domains that anybody can have an address at; they say nothing about a company.
FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.jp", "ymail.com", "hotmail.com",
        "hotmail.co.jp", "outlook.com", "outlook.jp", "live.com", "live.jp", "msn.com",
        "icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com", "gmx.com",
        "gmx.de", "gmx.net", "web.de", "mail.com", "mail.ru", "yandex.com", "yandex.ru", "qq.com",
        "163.com", "126.com", "naver.com", "zoho.com", "fastmail.com", "docomo.ne.jp",
        "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp", "nifty.com",
        "biglobe.ne.jp", "ocn.ne.jp", "so-net.ne.jp", "excite.co.jp", "infoseek.jp", "rakuten.jp",
        "comcast.net", "verizon.net", "att.net", "orange.fr", "free.fr", "laposte.net", "libero.it",
        "t-online.de",
    }
)  # fmt: skip
_NAME = ("name", "company", "companyName", "company_name", "account_name")
_DOMAIN = ("domain", "website", "url")
_TEXTS = {
    "name": _NAME,
    "industry": ("industry",),
    "segment": ("segment",),
    "corporate_number": ("corporateNumber", "corporate_number"),
    "time_zone": ("timezone", "timeZone", "time_zone"),
}
_PLACED = {
    "country": ("country",),
    "region": ("state", "region", "prefecture"),
    "address": ("street",),
}
_OF_PERSON = {
    "email": ("email",),
    "phone": ("phone",),
    "title": ("title", "jobTitle", "position"),
    "department": ("department",),
}
_FIRST = ("firstName", "first_name", "firstname")
_LAST = ("lastName", "last_name", "lastname")
_NOT_KEPT = frozenset({"id", "avatar", "logo", "password", "address", "company"})


def mail_domain(email: str) -> str:
    """The domain of a mail address that may name a company; empty for free mail and for no mail."""
    name, at, domain = email.strip().lower().rpartition("@")
    domain = domain.strip(".")
    return domain if name and at and "." in domain and domain not in FREE_MAIL else ""


def account_facts(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of an account, not yet checked, from a group's traits; absent ones are left out."""
    found: dict[str, Any] = {k: first_text(traits, names) for k, names in _TEXTS.items()}
    found["domain"] = _company_domain(first_text(traits, _DOMAIN))
    found["employees"] = first_text(traits, ("employees",))
    address = traits.get("address")
    place = address if isinstance(address, dict) else {}
    found |= {k: first_text({**traits, **place}, names) for k, names in _PLACED.items()}
    return {name: value for name, value in found.items() if value not in (None, "")}


def person_facts(traits: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a contact, not yet checked, from a user's traits; absent ones are left out."""
    found = {field: first_text(traits, names) for field, names in _OF_PERSON.items()}
    found["name"] = first_text(traits, ("name",)) or _whole_name(traits)
    return {name: value for name, value in found.items() if value}


def further_facts(traits: Mapping[str, Any]) -> dict[str, str]:
    """What has no field: kept as further columns of the record, as text."""
    known = {name for names in (*_TEXTS.values(), *_PLACED.values()) for name in names}
    known |= {name for names in _OF_PERSON.values() for name in names}
    known |= {*_FIRST, *_LAST, *_DOMAIN, "employees", *_NOT_KEPT}
    kept = {name: value for name, value in traits.items() if name not in known}
    return {
        name[:80]: str(value)[:500]
        for name, value in sorted(kept.items())
        if isinstance(value, str | int | float)
    }


def _company_domain(text: str) -> str:
    host = text.strip().lower().split("://")[-1].split("/")[0].removeprefix("www.")
    return "" if host in FREE_MAIL else text


def _whole_name(traits: Mapping[str, Any]) -> str:
    first, last = first_text(traits, _FIRST), first_text(traits, _LAST)
    if not (first and last) or (first + last).isascii():
        return f"{first} {last}".strip()
    return f"{last} {first}"
