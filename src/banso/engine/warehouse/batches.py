"""Load and remove batches of usage facts so that what remains depends only on what is loaded.

Of the rows of one key the winner is the one of the smallest batch (raw events: the first wins)
or of the greatest (counted days: the last wins), in whatever order the batches came; within one
batch the first or last row in the same way. The functions run inside the caller's transaction
and leave the (account, day) pairs whose roll-ups changed in the temporary table ``touched``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from banso.engine.warehouse.arrival import conform
from banso.engine.warehouse.schema import FACTS, BatchKind, FactTable
from banso.kit.errors import ConflictError


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Rows of a batch by what they did: new keys, nothing new, or another content for a key."""

    new: int
    unchanged: int
    changed: int


def load(
    connection: duckdb.DuckDBPyConnection, batch_id: int, kind: BatchKind, table: pa.Table
) -> LoadResult:
    """Take a batch in; one that is in already is left alone and its first result returned.

    Raises:
        ConflictError: the batch was loaded before as the other kind.
        InvalidInputError: the table does not have the columns of its kind.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE touched (account_id BIGINT, day DATE)")
    known = connection.execute(
        "SELECT kind, new, unchanged, changed FROM loaded_batches WHERE batch_id = ?", [batch_id]
    ).fetchone()
    if known is not None:
        former, *counts = known
        if former != kind:
            raise ConflictError(
                f"Batch {batch_id} has been loaded as {former}, not {kind}.",
                code="batch-kind",
                remedy="Give each batch a number of its own.",
            )
        return LoadResult(*counts)
    fact = FACTS[kind]
    _stage(
        connection, batch_id, fact, conform(f"batch {batch_id}", table, fact.columns, fact.required)
    )
    result = _count(connection, fact, table.num_rows)
    _merge(connection, fact)
    connection.execute(
        "INSERT INTO loaded_batches VALUES (?, ?, ?, ?, ?)",
        [batch_id, kind, result.new, result.unchanged, result.changed],
    )
    return result


def _stage(
    connection: duckdb.DuckDBPyConnection, batch_id: int, fact: FactTable, table: pa.Table
) -> None:
    """One row per key of the batch, beside the present winner of that key if there is one."""
    key = ", ".join(fact.key)
    order = "ASC" if fact.first_wins else "DESC"
    stronger = "<" if fact.first_wins else ">"
    differs = " OR ".join(f"n.{name} IS DISTINCT FROM w.{name}" for name in fact.content)
    connection.register("arriving", table.append_column("position", _positions(table.num_rows)))
    # Looking for keys that come twice takes a sixth of the time of numbering the rows of each.
    twice = f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY position {order}) = 1"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged AS SELECT * EXCLUDE (position), "
        f"CAST({int(batch_id)} AS BIGINT) AS batch_id FROM arriving "
        f"{'' if _unique(connection, key) else twice} ORDER BY day, account_id"
    )
    connection.unregister("arriving")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE rivals AS SELECT w.*, "
        f"n.batch_id {stronger} w.batch_id AS beaten, ({differs}) AS differs "
        f"FROM {fact.table} w JOIN staged n USING ({key})"
    )


def _unique(connection: duckdb.DuckDBPyConnection, key: str) -> bool:
    row = connection.execute(
        f"SELECT (SELECT count(*) FROM (SELECT DISTINCT {key} FROM arriving)) = count(*) "
        "FROM arriving"
    ).fetchone()
    return row is not None and bool(row[0])


def _positions(count: int) -> pa.Array:
    return pa.array(np.arange(count, dtype=np.int64))


def _count(connection: duckdb.DuckDBPyConnection, fact: FactTable, rows: int) -> LoadResult:
    found = connection.execute(
        "SELECT (SELECT count(*) FROM staged) - count(*), count(*) FILTER (beaten AND differs) "
        "FROM rivals"
    ).fetchone()
    new, changed = found or (0, 0)
    return LoadResult(new, rows - new - changed, changed)


def _merge(connection: duckdb.DuckDBPyConnection, fact: FactTable) -> None:
    key = ", ".join(fact.key)
    names = f"{', '.join(fact.columns)}, batch_id"
    connection.execute(
        f"""
        INSERT INTO {fact.shadowed} SELECT {names} FROM rivals WHERE beaten;
        DELETE FROM {fact.table} w USING rivals r
            WHERE r.beaten AND {_same_key(fact, "w", "r")} AND w.batch_id = r.batch_id;
        INSERT INTO {fact.shadowed}
            SELECT {names} FROM staged SEMI JOIN (FROM rivals WHERE NOT beaten) USING ({key});
        INSERT INTO {fact.table}
            SELECT {names} FROM staged ANTI JOIN (FROM rivals WHERE NOT beaten) USING ({key});
        INSERT INTO touched
            SELECT account_id, day FROM rivals WHERE beaten AND differs
            UNION
            SELECT account_id, day FROM staged
            ANTI JOIN (FROM rivals WHERE NOT (beaten AND differs)) USING ({key});
        DROP TABLE staged;
        DROP TABLE rivals;
        """
    )


def remove(connection: duckdb.DuckDBPyConnection, batch_ids: Sequence[int]) -> None:
    """Take batches out as if they had never been loaded; unknown numbers are passed over."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched (account_id BIGINT, day DATE);"
        "CREATE OR REPLACE TEMP TABLE leaving AS SELECT unnest(?::BIGINT[]) AS batch_id",
        [list(batch_ids)],
    )
    for fact in FACTS.values():
        _remove_facts(connection, fact)
    connection.execute(
        "DELETE FROM loaded_batches WHERE batch_id IN (FROM leaving); DROP TABLE leaving"
    )


def _remove_facts(connection: duckdb.DuckDBPyConnection, fact: FactTable) -> None:
    key = ", ".join(fact.key)
    names = f"{', '.join(fact.columns)}, batch_id"
    order = "ASC" if fact.first_wins else "DESC"
    connection.execute(
        f"""
        DELETE FROM {fact.shadowed} WHERE batch_id IN (FROM leaving);
        CREATE OR REPLACE TEMP TABLE gone AS
            SELECT {key}, account_id, day FROM {fact.table} WHERE batch_id IN (FROM leaving);
        DELETE FROM {fact.table} WHERE batch_id IN (FROM leaving);
        CREATE OR REPLACE TEMP TABLE heirs AS
            SELECT {names} FROM {fact.shadowed} SEMI JOIN gone USING ({key})
            QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY batch_id {order}) = 1;
        INSERT INTO {fact.table} SELECT {names} FROM heirs;
        DELETE FROM {fact.shadowed} s USING heirs h
            WHERE {_same_key(fact, "s", "h")} AND s.batch_id = h.batch_id;
        INSERT INTO touched
            SELECT account_id, day FROM gone UNION SELECT account_id, day FROM heirs;
        DROP TABLE gone;
        DROP TABLE heirs;
        """
    )


def _same_key(fact: FactTable, left: str, right: str) -> str:
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in fact.key)
