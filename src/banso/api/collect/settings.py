"""The settings that the browser client fetches before it sends anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from banso.kit.errors import InvalidInputError

_ADDRESS = re.compile(r"projects/([^/]{1,100})/settings")


def asked_key(name: str) -> str:
    """The write key in ``projects/KEY/settings``; empty for other addresses."""
    found = _ADDRESS.fullmatch(name)
    return found[1] if found else ""


def client_settings(key: str, headers: Mapping[bytes, bytes], scheme: str) -> dict[str, Any]:
    """Have the client send everything here, and nothing about itself anywhere.

    Args:
        key: the write key.
        headers: of the request, whose host the client already reaches.
        scheme: http or https, as the server sees it.

    Raises:
        InvalidInputError: ``unknown-host``: this installation has no such name.
    """
    host = headers.get(b"host", b"").decode("latin-1")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        raise InvalidInputError("This installation has no such name.", code="unknown-host")
    protocol = "https" if settings.HTTPS else scheme
    destination = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": protocol}
    return {
        "integrations": {"Segment.io": destination},
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
