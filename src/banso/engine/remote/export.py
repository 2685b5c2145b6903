"""The facts as Parquet files, one folder for each table, for engines that read such folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from banso.engine.datasets import DatasetSpec
from banso.engine.warehouse import Warehouse
from banso.engine.warehouse.specs import table_of
from banso.kit.errors import InvalidInputError


def folder_of(tables: str, spec: DatasetSpec) -> tuple[str, str]:
    """The table of a dataset and the folder of its files."""
    table = table_of(spec.name)
    return table, f"{tables.rstrip('/')}/{table}"


def export_facts(warehouse: Warehouse, tables: str) -> Mapping[str, DatasetSpec]:
    """Write every dataset of the warehouse into a folder, in the place of what lay there.

    A reader that opens the folder while this runs sees the old files, the new ones, or for a
    moment both; whoever measures waits until the export is done.

    Args:
        tables: a folder that the engine's machines see under the same path.

    Returns:
        What was written, by the name of the dataset.

    Raises:
        InvalidInputError: the folder is not on a file system (code ``engine-tables``).
    """
    root = tables.removeprefix("file://")
    if "://" in root:
        raise InvalidInputError(
            f"Facts cannot be written to {tables}.",
            code="engine-tables",
            remedy="Name a folder that this machine and the engine see under the same path.",
        )
    specs = warehouse.datasets()
    for spec in specs.values():
        _write(warehouse, spec, Path(folder_of(root, spec)[1]))
    return specs


def _write(warehouse: Warehouse, spec: DatasetSpec, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    old = list(folder.glob("*.parquet"))
    # Engines pass over names that begin with an underscore, so half a file is never read.
    draft = folder / f"_{uuid4().hex}.parquet"
    columns, target = ", ".join(spec.all_columns), str(draft).replace("'", "''")
    warehouse.query(
        f"COPY (SELECT {columns} FROM {table_of(spec.name)}) "  # noqa: S608 - names of our own
        f"TO '{target}' (FORMAT parquet)"
    )
    draft.rename(folder / draft.name.removeprefix("_"))
    for path in old:
        path.unlink()
