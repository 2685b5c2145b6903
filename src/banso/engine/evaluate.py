"""The values of metrics as of one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from banso.engine.compile import compile_metrics
from banso.engine.definitions import Definition
from banso.engine.planning import Catalogue, distinct_leaves, resolve
from banso.engine.validation import validate
from banso.engine.warehouse import Warehouse
from banso.kit.errors import InvalidInputError

FEW = 0.2
"""Below this share of the accounts, each pass reads only the rows of the accounts asked for."""


def evaluate(
    warehouse: Warehouse,
    catalogue: Catalogue,
    keys: Sequence[str],
    as_of: date,
    account_ids: Sequence[int],
) -> pa.Table:
    """The values of metrics for accounts, from nothing but what was known on a day.

    Returns:
        account_id (int64) in the order asked for, and one nullable float64 column per key.

    Raises:
        NotFoundError: a key or a dataset does not exist.
        InvalidInputError: a definition cannot be evaluated, or the day is out of range.
    """
    check_day(as_of)
    definitions = resolve_all(warehouse, catalogue, keys)
    names = {at.leaf.dataset for at in distinct_leaves(definitions)}
    extents = {name: warehouse.extent(name) for name in names}
    accounts = max((extent.account_span for extent in extents.values()), default=0)
    statement = compile_metrics(
        definitions, warehouse.datasets(), narrow=len(account_ids) < FEW * accounts
    )
    first_days = {name: extent.first_day for name, extent in extents.items()}
    table = warehouse.query(statement.on(as_of, first_days), requested(account_ids))
    return table.rename_columns(["account_id", *keys])


def resolve_all(
    warehouse: Warehouse, catalogue: Catalogue, keys: Sequence[str]
) -> list[Definition]:
    """The definitions of keys without references, checked against the warehouse."""
    definitions = [resolve(catalogue, key) for key in keys]
    datasets = warehouse.datasets()
    for at in distinct_leaves(definitions):
        warehouse.spec(at.leaf.dataset)
        validate(at.leaf, catalogue, datasets)
    return definitions


def requested(account_ids: Sequence[int]) -> pa.Table:
    """The accounts of a query with their positions."""
    ids = np.asarray(account_ids, dtype=np.int64)
    return pa.table({"account_id": ids, "position": np.arange(len(ids), dtype=np.int64)})


def check_day(day: date) -> None:
    """Refuse days so far off that a window would leave the calendar."""
    if not 1900 <= day.year <= 2200:
        raise InvalidInputError(
            f"{day} is not a day one can measure.",
            code="day-out-of-range",
            remedy="Use a day between 1900 and 2200.",
        )
