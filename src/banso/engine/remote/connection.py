"""Connect to an engine. Its driver is imported only then, so that nobody else needs it."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ibis

from banso.engine.datasets import DatasetSpec
from banso.engine.remote.address import Address, parse_address
from banso.engine.remote.export import folder_of
from banso.engine.remote.facts import RemoteFacts
from banso.kit.errors import ConflictError

_SPARK_DEFAULTS = {
    "spark.app.name": "Banso",
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_PATIENCE_SECONDS = 5.0
#: Without them an account without rows would have zero, or the year 1970, where it has nothing.
_CLICKHOUSE_SETTINGS = {"join_use_nulls": 1, "aggregate_functions_null_for_empty": 1}


def connect(url: str, specs: Mapping[str, DatasetSpec]) -> RemoteFacts:
    """An engine on which :func:`banso.engine.evaluate.evaluate` can measure.

    Args:
        url: such as ``spark://host:7077/database?tables=/lake/banso``, where parameters beginning
            with ``spark.`` configure the session; ``postgres://user@host/database``; or what Ibis
            accepts for DuckDB, ClickHouse, Trino, Snowflake and BigQuery.
        specs: the datasets that the engine has, by name.

    Raises:
        InvalidInputError: the URL names no engine (code ``engine-url``).
        ConflictError: the engine's driver is not installed (``engine-driver``), or the engine
            cannot be reached (``engine-failed``).
    """
    address = parse_address(url)
    try:
        backend = _BACKENDS.get(address.scheme, _by_url)(address)
        if address.tables and address.scheme in _READ_FOLDERS:
            _show_folder(backend, address, specs)
    except ImportError as error:
        raise ConflictError(
            f"The driver for {address.engine} is not installed ({error}).",
            code="engine-driver",
            remedy="Install it into the environment; the guide says which.",
        ) from error
    # Every driver has errors of its own, and to the caller all of them mean the same.
    except Exception as error:
        raise ConflictError(
            f"{address.engine} cannot be reached: {_first_line(error)}",
            code="engine-failed",
            remedy="Look whether it runs and whether the address is right.",
        ) from error
    return RemoteFacts(backend, specs, address.engine)


def _spark(address: Address) -> Any:
    _knock(address)
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"spark://{address.bare.netloc}")
    for key, value in {**_SPARK_DEFAULTS, **address.options}.items():
        builder = builder.config(key, value)
    try:
        backend = ibis.pyspark.connect(builder.getOrCreate())
    except Exception:
        # Left as it is, the broken context would be given to whoever connects next.
        if SparkContext._active_spark_context is not None:
            SparkContext._active_spark_context.stop()
        raise
    if database := address.bare.path.strip("/"):
        backend.raw_sql(f"USE `{database.replace('`', '')}`")
    return backend


def _knock(address: Address) -> None:
    """Fail at once where no master listens; Spark itself would try for more than a minute."""
    for place in address.bare.netloc.split(","):
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), _PATIENCE_SECONDS).close()
        except OSError as error:
            failed = error
        else:
            return
    raise failed


def _postgres(address: Address) -> Any:
    # By way of the driver, which knows more of PostgreSQL's URLs than Ibis does.
    import psycopg

    options = dict(address.options)
    schema = options.pop("schema", "public")
    connection = psycopg.connect(replace(address, options=options).without_tables, autocommit=True)
    connection.execute("SELECT set_config('search_path', %s, false)", [schema])
    return ibis.postgres.from_connection(connection)


def _clickhouse(address: Address) -> Any:
    return ibis.connect(address.without_tables, settings=_CLICKHOUSE_SETTINGS)


def _by_url(address: Address) -> Any:
    return ibis.connect(address.without_tables)


_BACKENDS = {"spark": _spark, "postgres": _postgres, "clickhouse": _clickhouse}
_READ_FOLDERS = {"spark", "duckdb"}


def _show_folder(backend: Any, address: Address, specs: Mapping[str, DatasetSpec]) -> None:
    """Make the folder's files visible to this session as tables."""
    for spec in specs.values():
        table, folder = folder_of(address.tables, spec)
        if address.scheme == "spark":
            backend.read_parquet(folder, table_name=table)
        else:
            backend.read_parquet(f"{folder}/*.parquet", table_name=table)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
