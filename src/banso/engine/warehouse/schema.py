"""Tables of the warehouse and the version of their layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from banso.kit.errors import ConflictError

BatchKind = Literal["raw", "counted", "live", "daily"]
RAW: BatchKind = "raw"
COUNTED: BatchKind = "counted"
#: Raw events whose keys were held against the others before they were kept.
LIVE: BatchKind = "live"
#: Raw events of long ago, of which only the number per user, day and feature is kept.
DAILY: BatchKind = "daily"

VERSION = 3


@dataclass(frozen=True)
class FactTable:
    """One kind of usage fact: its table, the key that makes a row unique, and who wins.

    A row that lost to another batch waits in ``<table>_shadowed``, so that it can come back when
    the winner's batch is removed.
    """

    table: str
    key: tuple[str, str]
    columns: dict[str, pa.DataType]
    required: frozenset[str]
    first_wins: bool

    @property
    def shadowed(self) -> str:
        """The table of the rows that lost."""
        return f"{self.table}_shadowed"

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that say something beyond the key."""
        return tuple(name for name in self.columns if name not in self.key)


FACTS: dict[BatchKind, FactTable] = {
    RAW: FactTable(
        "raw_events",
        ("source", "message_key"),
        {
            "source": pa.string(),
            "message_key": pa.string(),
            "account_id": pa.int64(),
            "user_key": pa.string(),
            "ts": pa.timestamp("us"),
            "day": pa.date32(),
            "feature": pa.string(),
            "value": pa.float64(),
        },
        frozenset({"source", "message_key", "account_id", "ts", "day", "feature"}),
        first_wins=True,
    ),
    COUNTED: FactTable(
        "counted_days",
        ("source", "row_key"),
        {
            "source": pa.string(),
            "row_key": pa.string(),
            "account_id": pa.int64(),
            "user_key": pa.string(),
            "day": pa.date32(),
            "feature": pa.string(),
            "events": pa.int64(),
            "users": pa.int64(),
            "value": pa.float64(),
        },
        frozenset({"source", "row_key", "account_id", "day", "feature", "events"}),
        first_wins=False,
    ),
    DAILY: FactTable(
        "daily_events",
        ("source", "row_key"),
        {
            "source": pa.string(),
            "row_key": pa.string(),
            "account_id": pa.int64(),
            "user_key": pa.string(),
            "day": pa.date32(),
            "feature": pa.string(),
            "events": pa.int64(),
            "value": pa.float64(),
        },
        frozenset({"source", "row_key", "account_id", "day", "feature", "events"}),
        first_wins=True,
    ),
}

_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
}

_TABLES = """
CREATE TABLE warehouse_version (version INTEGER NOT NULL);
CREATE TABLE loaded_batches (
    batch_id BIGINT NOT NULL, kind VARCHAR NOT NULL,
    new BIGINT NOT NULL, unchanged BIGINT NOT NULL, changed BIGINT NOT NULL);
CREATE TABLE dataset_specs (name VARCHAR NOT NULL, spec VARCHAR NOT NULL);
CREATE TABLE feature_days (
    account_id BIGINT NOT NULL, day DATE NOT NULL, feature VARCHAR NOT NULL,
    events BIGINT NOT NULL, users BIGINT NOT NULL, value DOUBLE);
CREATE TABLE user_days (
    account_id BIGINT NOT NULL, user_key VARCHAR NOT NULL, day DATE NOT NULL,
    events BIGINT NOT NULL);
CREATE TABLE account_days (
    account_id BIGINT NOT NULL, day DATE NOT NULL, events BIGINT NOT NULL,
    users BIGINT NOT NULL, features BIGINT NOT NULL, last_ts TIMESTAMP);
"""


def open_conflict(path: Path | str, reason: str) -> ConflictError | None:
    """Why DuckDB could not open the file, as an error to act on, or None for other reasons."""
    if "lock" in reason:
        return ConflictError(
            f"The warehouse {path} is held by another process.",
            code="warehouse-busy",
            remedy="Stop the other worker, or let it do this job.",
        )
    if "not a valid DuckDB" in reason or "version number" in reason:
        return ConflictError(
            f"The warehouse {path} cannot be read: it is damaged, or of another DuckDB.",
            code="warehouse-damaged",
            remedy="Delete the warehouse file; it is built again from the database.",
        )
    return None


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables in a new file; refuse a file of another layout.

    Raises:
        ConflictError: the file was written with another layout version.
    """
    found = _version(connection)
    if found == VERSION:
        return
    if found is not None:
        raise ConflictError(
            f"The warehouse has layout {found}; this version of Banso uses {VERSION}.",
            code="warehouse-version",
            remedy="Delete the warehouse file; it is built again from the database.",
        )
    connection.begin()
    connection.execute(_TABLES)
    for fact in FACTS.values():
        for table in (fact.table, fact.shadowed):
            connection.execute(_create(fact, table))
    connection.execute("INSERT INTO warehouse_version VALUES (?)", [VERSION])
    connection.commit()


def _version(connection: duckdb.DuckDBPyConnection) -> int | None:
    present = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'warehouse_version'"
    ).fetchone()
    if present is None:
        return None
    row = connection.execute("SELECT max(version) FROM warehouse_version").fetchone()
    return None if row is None else row[0]


def _create(fact: FactTable, table: str) -> str:
    columns = [
        f"{name} {_SQL_TYPES[kind]}{' NOT NULL' if name in fact.required else ''}"
        for name, kind in fact.columns.items()
    ]
    return f"CREATE TABLE {table} ({', '.join(columns)}, batch_id BIGINT NOT NULL)"
