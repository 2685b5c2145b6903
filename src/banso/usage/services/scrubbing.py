"""Not leaving what was deleted in the unused pages of SQLite's file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def overwriting() -> Iterator[None]:
    """Have what is deleted in the block overwritten, which costs a write of every page.

    PostgreSQL frees such rows by its own vacuum.
    """
    _pragma("secure_delete = ON")
    try:
        yield
    finally:
        _pragma("secure_delete = OFF")


def rewrite_database() -> bool:
    """Write SQLite's file anew, without anything that was ever deleted; whether it is SQLite.

    Nobody can write meanwhile.
    """
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    _pragma("wal_checkpoint(TRUNCATE)")
    return True


def _pragma(text: str) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {text}").fetchall()
