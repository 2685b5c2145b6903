"""The PostgreSQL server that the tests run on, and databases of their own on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

SERVER = dict(settings.DATABASES["default"])
IS_POSTGRES = "postgresql" in SERVER["ENGINE"]


def reach(database: str) -> Any:
    """The database, past Django and whatever it has open."""
    import psycopg

    return psycopg.connect(
        host=SERVER["HOST"] or SERVER["OPTIONS"].get("host"),
        port=SERVER["PORT"] or None,
        user=SERVER["USER"],
        password=SERVER["PASSWORD"],
        dbname=database,
        autocommit=True,
    )


@contextmanager
def database_of_its_own(name: str) -> Iterator[str]:
    """The address of an empty database that is gone afterwards."""
    # Tests that run side by side must not meet.
    name = f"banso_{os.getpid()}_{name}"
    with reach(SERVER["NAME"]) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(os.environ["BANSO_DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        with reach(SERVER["NAME"]) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
