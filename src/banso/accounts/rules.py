"""Pure decisions about accounts: what is searched, which forms a value may take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from banso.kit.text import clean, search_key

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$")
ACCOUNT_SEARCH_FIELDS = ("name", "name_kana", "name_en", "domain", "corporate_number")
CONTACT_SEARCH_FIELDS = ("name", "name_kana", "email", "department", "title")


def _searched(values: Mapping[str, Any], fields: tuple[str, ...]) -> str:
    return "\n".join(search_key(text) for field in fields if (text := values.get(field) or ""))


def account_search_text(values: Mapping[str, Any]) -> str:
    """What a search for an account looks through: its names, domain and 法人番号, folded."""
    return _searched(values, ACCOUNT_SEARCH_FIELDS)


def contact_search_text(values: Mapping[str, Any]) -> str:
    """What a search for a person looks through: names, mail address, department and title."""
    return _searched(values, CONTACT_SEARCH_FIELDS)


def bare_domain(text: str) -> str:
    """The host of a web address or mail domain: lower case, without ``www.``, port and path.

    Internationalised names come out in their ASCII form, so that one company has one domain.
    """
    host = _SCHEME.sub("", clean(text).lower()).split("/")[0].split("@")[-1].split(":")[0]
    host = host.strip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host
    return host.removeprefix("www.")


def is_domain(text: str) -> bool:
    """Whether the text could be the host name of a company's site."""
    return bool(_HOST.match(text))
