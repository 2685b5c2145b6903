"""Inserting thousands of rows with one prepared statement.

The ORM's own ``bulk_create`` compiles every cell of every row; here the values of a column are
prepared by its field and handed to the database driver as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections, router
from django.db.models import Model


def insert_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose keys nobody needs afterwards.

    Args:
        model: the model; no signals are sent and ``save`` is not called.
        names: columns of the model (``account_id`` for a foreign key).
        rows: one value per name.
    """
    connection = connections[router.db_for_write(model)]
    fields = [_field(model, name) for name in names]
    prepared = [
        [f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)]
        for row in rows
    ]
    if not prepared:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        # Names come from the model, never from outside.
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", prepared)  # noqa: S608


def insert_instances(model: type[Model], instances: Sequence[Any]) -> None:
    """Insert new instances and give them their keys."""
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "sqlite":
        model._default_manager.bulk_create(instances)
        return
    # SQLite has one writer at a time, so keys that are free now stay free in this transaction.
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    for key, instance in enumerate(instances, first):
        instance.pk = key
    names = [field.attname for field in model._meta.concrete_fields]
    insert_rows(model, names, ([getattr(i, name) for name in names] for i in instances))
    for instance in instances:
        instance._state.adding = False
        instance._state.db = connection.alias


def _field(model: type[Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == name)
