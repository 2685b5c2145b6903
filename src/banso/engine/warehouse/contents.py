"""Read tables of the warehouse, or how far they reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class Extent:
    """How far a dataset reaches: first and last day, rows, and the span of its account ids."""

    first_day: date
    last_day: date | None
    rows: int
    account_span: int


def extent(connection: duckdb.DuckDBPyConnection, table: str, day: str) -> Extent:
    """How far a table reaches, by its day column; an empty one begins on 9999-12-31."""
    row = connection.execute(
        f"SELECT min({day}), max({day}), count(*), "
        f"coalesce(max(account_id) - min(account_id) + 1, 0) FROM {table}"
    ).fetchone()
    first, last, count, span = row or (None, None, 0, 0)
    return Extent(first or NEVER, last, count, span)


def widened(known: Extent, table: pa.Table) -> Extent:
    """The extent with the days of rows that arrived; the count of rows stays roughly right."""
    if not table.num_rows:
        return known
    first, last = pc.min_max(table["day"]).as_py().values()
    return Extent(
        min(known.first_day, first),
        max(known.last_day or last, last),
        known.rows + table.num_rows,
        known.account_span,
    )


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    account_ids: Sequence[int],
    since: date | None,
    last: str,
) -> pa.Table:
    """The rows of some accounts, by account, day and one further column."""
    return connection.execute(
        f"SELECT * FROM {table} WHERE account_id IN (SELECT unnest(?::BIGINT[])) "
        f"AND day >= ? ORDER BY account_id, day, {last}",
        [list(account_ids), since or date.min],
    ).to_arrow_table()
