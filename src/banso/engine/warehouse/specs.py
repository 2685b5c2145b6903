"""Datasets of other rooms: kept whole, beside what their columns mean."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import duckdb
import pyarrow as pa

from banso.engine.datasets import USAGE_DATASETS, DatasetSpec
from banso.engine.warehouse.arrival import conform
from banso.kit.errors import InvalidInputError

_ARROW_TYPES = {
    "int": pa.int64(),
    "float": pa.float64(),
    "text": pa.string(),
    "day": pa.date32(),
}


def table_of(name: str) -> str:
    """The table that holds a dataset."""
    return name if name in USAGE_DATASETS else f"data_{name}"


def read_specs(connection: duckdb.DuckDBPyConnection) -> dict[str, DatasetSpec]:
    """All datasets in the warehouse, usage first."""
    rows = connection.execute("SELECT spec FROM dataset_specs ORDER BY name").fetchall()
    kept = (DatasetSpec(**json.loads(text)) for (text,) in rows)
    return {**USAGE_DATASETS, **{spec.name: spec for spec in kept}}


def replace_rows(connection: duckdb.DuckDBPyConnection, spec: DatasetSpec, table: pa.Table) -> None:
    """Put a dataset in the place of the one of the same name, inside the caller's transaction.

    Raises:
        InvalidInputError: the name belongs to the usage roll-ups, or the rows do not fit.
    """
    if spec.name in USAGE_DATASETS:
        raise InvalidInputError(
            f"The dataset {spec.name} is computed from usage facts.",
            code="invalid-dataset",
            remedy="Load usage as batches, or give the dataset another name.",
        )
    connection.register("arriving", _conformed(spec, table))
    connection.execute(
        f"CREATE OR REPLACE TABLE {table_of(spec.name)} AS "
        f"FROM arriving ORDER BY {spec.day_column}, account_id"
    )
    connection.unregister("arriving")
    _note(connection, spec)


def replace_rows_of(
    connection: duckdb.DuckDBPyConnection,
    spec: DatasetSpec,
    account_ids: Collection[int],
    table: pa.Table,
) -> None:
    """Put the rows of some accounts in the place of their former ones."""
    connection.register("arriving", _conformed(spec, table))
    connection.execute(
        f"DELETE FROM {table_of(spec.name)} WHERE account_id IN (SELECT unnest(?::BIGINT[]))",
        [list(account_ids)],
    )
    connection.execute(f"INSERT INTO {table_of(spec.name)} BY NAME FROM arriving")
    connection.unregister("arriving")


def _conformed(spec: DatasetSpec, table: pa.Table) -> pa.Table:
    columns = {name: _ARROW_TYPES[kind] for name, kind in spec.all_columns.items()}
    return conform(f"dataset {spec.name}", table, columns, spec.required)


def replace_part(
    connection: duckdb.DuckDBPyConnection, spec: DatasetSpec, features: Sequence[str]
) -> None:
    """Offer the daily use of some features as a dataset of its own, without copying its rows."""
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in features)
    connection.execute(
        f"CREATE OR REPLACE VIEW {table_of(spec.name)} AS "
        f"FROM feature_days WHERE {f'feature IN ({quoted})' if features else 'false'}"
    )
    _note(connection, spec)


def _note(connection: duckdb.DuckDBPyConnection, spec: DatasetSpec) -> None:
    connection.execute("DELETE FROM dataset_specs WHERE name = ?", [spec.name])
    connection.execute("INSERT INTO dataset_specs VALUES (?, ?)", [spec.name, _to_json(spec)])


def _to_json(spec: DatasetSpec) -> str:
    return json.dumps(
        {
            "name": spec.name,
            "grain": spec.grain,
            "columns": dict(spec.columns),
            "label_en": spec.label_en,
            "label_ja": spec.label_ja,
        },
        ensure_ascii=False,
    )
