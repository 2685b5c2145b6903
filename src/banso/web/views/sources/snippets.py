"""How to send events: a piece of code per language, ready to be pasted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code in one language that sends with this source's key to this installation."""

    key: str
    label: str
    install: str
    code: str
    #: The library speaks HTTPS only, and this installation is reached without.
    is_shut_out: bool = False


#: Language, its name, and how its library is installed.
_ALL = (
    ("javascript", "JavaScript", "npm install @segment/analytics-next"),
    ("node", "Node.js", "npm install @segment/analytics-node"),
    ("python", "Python", "pip install segment-analytics-python"),
    ("ruby", "Ruby", "gem install analytics-ruby -v '>= 2.4'"),
    ("php", "PHP", "composer require segmentio/analytics-php"),
    ("go", "Go", "go get github.com/segmentio/analytics-go/v3"),
    ("curl", "curl", ""),
)
_HTTPS_ONLY = frozenset({"ruby"})
LANGUAGES = tuple((key, label) for key, label, _install in _ALL)


def snippet(language: str, address: str, key: str) -> Snippet:
    """The code for one language; JavaScript for one that is not known.

    Args:
        address: of this installation, without a slash at the end.
        key: the write key; letters, digits, ``-`` and ``_`` only.
    """
    chosen = next((one for one in _ALL if one[0] == language), _ALL[0])
    name, label, install = chosen
    code = render_to_string(f"sources/snippets/{name}.txt", _fillings(address, key))
    shut_out = name in _HTTPS_ONLY and not address.startswith("https:")
    return Snippet(name, label, install, code.strip(), shut_out)


def _fillings(address: str, key: str) -> dict[str, str]:
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    quoted = {
        "key": key,
        "address": address,
        "api_host": f"{parts.netloc}/v1",
        "scheme": parts.scheme,
        "host": parts.hostname or "",
        "api_base": parts.netloc,
    }
    bare = {
        "port": str(parts.port or (443 if secure else 80)),
        "ssl": "true" if secure else "false",
        "bare_key": key,
        "bare_address": address,
    }
    return {place: json.dumps(text) for place, text in quoted.items()} | bare
