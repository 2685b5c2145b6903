"""The address of a database server, read from the environment."""

from __future__ import annotations

import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

#: The first that is set counts; the second is what hosting platforms set.
VARIABLES = ("BANSO_DATABASE_URL", "DATABASE_URL")
_KEEP_CONNECTIONS = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
#: A peer that vanished is noticed within half a minute, on both ends, so that the locks of a
#: machine without power do not outlive it by hours.
_NOTICE_THE_DEAD = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "application_name": "banso",
    "options": (
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
        " -c tcp_user_timeout=25000"
    ),
}


def database_server() -> dict[str, Any] | None:
    """Django's settings of the server that the environment names, or None for SQLite.

    What the query of the address says, such as ``?sslmode=verify-full``, goes before our defaults.

    Raises:
        ImproperlyConfigured: the address is not one of PostgreSQL.
    """
    name = next((name for name in VARIABLES if os.environ.get(name)), None)
    if name is None:
        return None
    scheme = os.environ[name].partition(":")[0]
    if scheme not in {"postgres", "postgresql"}:
        # Without the address, which may hold a password.
        raise ImproperlyConfigured(f"{name} must begin with postgres://, not with {scheme[:20]}:")
    found = environ.Env().db_url(name)
    options = {**_NOTICE_THE_DEAD, **found.get("OPTIONS", {})}
    return {**found, **_KEEP_CONNECTIONS, "OPTIONS": options}
