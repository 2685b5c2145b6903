"""What was kept of events, and what was made of it, in forms that can be compared."""

from __future__ import annotations

from collections import Counter

import duckdb
import pyarrow as pa

from tests.reliability.installation import Installation
from tests.reliability.killed_worker import PUBLISHED

TABLES = ("raw_events", "counted_days", "loaded_batches", "feature_days", "user_days")
TODAY = "SELECT key, digest FROM health_metriccolumn WHERE days_ago = 0 ORDER BY 1"


def kept_events(installation: Installation) -> Counter[str]:
    """How often each message id stands in the usage rows of live events."""
    batches = installation.query(
        "SELECT payload FROM usage_usagebatch WHERE kind = 'live' AND problem = ''"
    )
    found = Counter[str]()
    for (payload,) in batches:
        found.update(pa.ipc.open_stream(bytes(payload)).read_all()["message_key"].to_pylist())
    return found


def waiting(installation: Installation) -> int:
    """Requests, held messages and batches that the worker has not finished with."""
    rows = installation.query(
        "SELECT (SELECT count(*) FROM usage_inboxbatch)"
        " + (SELECT count(*) FROM usage_heldmessages)"
        " + (SELECT count(*) FROM usage_usagebatch WHERE projected_at IS NULL)"
        " + (SELECT count(*) FROM workspace_job WHERE status IN ('queued', 'running'))"
    )
    return int(rows[0][0])


def made_of_it(installation: Installation) -> dict[str, object]:
    """Checksums of the warehouse's tables, and all that was published.

    Nobody may hold the warehouse.
    """
    statements = {**PUBLISHED, "columns of today": TODAY}
    published = {name: installation.query(sql) for name, sql in statements.items()}
    with duckdb.connect(str(installation.data_dir / "warehouse.duckdb"), read_only=True) as store:
        tables = {name: _checksum(store, name) for name in (*TABLES, "account_days")}
    return {**published, **tables}


def _checksum(store: duckdb.DuckDBPyConnection, table: str) -> tuple[object, ...] | None:
    return store.execute(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {table} t").fetchone()


def differing(one: dict[str, object], other: dict[str, object]) -> tuple[str, ...]:
    """Names of what is not the same."""
    return tuple(name for name in one if one[name] != other[name])
