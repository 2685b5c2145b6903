"""Tables of facts, written short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pyarrow as pa

from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Definition
from banso.engine.evaluate import evaluate
from banso.engine.parsing import parse
from banso.engine.warehouse import Warehouse
from banso.engine.warehouse.specs import table_of

_ARROW = {"int": pa.int64(), "float": pa.float64(), "text": pa.string(), "day": pa.date32()}
_numbers: Iterator[int] = count(1)


def march(day: int) -> date:
    """A day counted from 1 March 2026; 0 is 28 February."""
    return date(2026, 2, 28) + timedelta(days=day)


def counted(*rows: tuple[Any, ...], source: str = "app") -> pa.Table:
    """Counted rows: account, day of March, feature, events, then a dict of further columns."""
    return pa.Table.from_pylist(
        [
            {
                "source": source,
                "row_key": f"{account}/{day}/{feature}",
                "account_id": account,
                "day": march(day),
                "feature": feature,
                "events": events,
                "users": None,
                "value": None,
                "user_key": None,
                **(more[0] if more else {}),
            }
            for account, day, feature, events, *more in rows
        ],
        pa.schema(
            [
                ("source", pa.string()),
                ("row_key", pa.string()),
                ("account_id", pa.int64()),
                ("day", pa.date32()),
                ("feature", pa.string()),
                ("events", pa.int64()),
                ("users", pa.int64()),
                ("value", pa.float64()),
                ("user_key", pa.string()),
            ]
        ),
    )


def raw(*rows: tuple[str, int, int, str, str | None], source: str = "app") -> pa.Table:
    """Raw events: message key, account, day of March, feature, user."""
    return pa.Table.from_pylist(
        [
            {
                "source": source,
                "message_key": key,
                "account_id": account,
                "user_key": user,
                "ts": pa.scalar(march(day)).cast(pa.timestamp("us")).as_py(),
                "day": march(day),
                "feature": feature,
                "value": 1.0,
            }
            for key, account, day, feature, user in rows
        ],
        pa.schema(
            [
                ("source", pa.string()),
                ("message_key", pa.string()),
                ("account_id", pa.int64()),
                ("user_key", pa.string()),
                ("ts", pa.timestamp("us")),
                ("day", pa.date32()),
                ("feature", pa.string()),
                ("value", pa.float64()),
            ]
        ),
    )


def dataset(spec: DatasetSpec, *rows: dict[str, Any]) -> pa.Table:
    """Rows of a dataset; a column that a row leaves out is empty."""
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in spec.all_columns.items()])
    return pa.Table.from_pylist(list(rows), schema)


def load(warehouse: Warehouse, table: pa.Table) -> int:
    """Load a batch under the next free number, which is returned."""
    batch = next(_numbers)
    kind = "raw" if "message_key" in table.column_names else "counted"
    warehouse.load_batch(batch, kind, table)
    return batch


def value(warehouse: Warehouse, metric: dict[str, Any], day: int, account: int = 1) -> float | None:
    """The value of a metric written as JSON, for one account on a day of March."""
    return values(warehouse, {"metric": parse(metric)}, day, account)["metric"]


def values(
    warehouse: Warehouse, catalogue: dict[str, Definition], day: int, account: int = 1
) -> dict[str, float | None]:
    """The values of a whole catalogue, for one account on a day of March."""
    table = evaluate(warehouse, catalogue, list(catalogue), march(day), [account])
    row = table.to_pylist()[0]
    assert row.pop("account_id") == account
    return row


def fingerprint(warehouse: Warehouse) -> str:
    """Equal for equal contents, whatever the order of rows and loads.

    Floats count to six decimals, as sums differ by order.
    """
    tables = ["raw_events", "counted_days", *map(table_of, warehouse.datasets())]
    return ";".join(_essence(warehouse, table) for table in sorted(tables))


def _essence(warehouse: Warehouse, table: str) -> str:
    kinds = warehouse.query(
        f"SELECT column_name AS name, data_type AS kind FROM duckdb_columns() "
        f"WHERE table_name = '{table}' ORDER BY column_index"
    ).to_pylist()
    columns = ", ".join(
        f"round({column['name']}, 6) + 0.0" if column["kind"] == "DOUBLE" else column["name"]
        for column in kinds
    )
    essence = f"count(*) AS rows, coalesce(sum(hash({columns})::HUGEINT), 0)::VARCHAR AS total"
    return f"{table}={warehouse.query(f'SELECT {essence} FROM {table}').to_pylist()}"
