"""The values of metrics as of one day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from banso.engine.assembly import Assembly
from banso.engine.compile import compile_metrics
from banso.engine.definitions import Definition
from banso.engine.planning import Catalogue, distinct_leaves, resolve
from banso.engine.remote.facts import RemoteFacts
from banso.engine.validation import validate
from banso.engine.warehouse import Warehouse
from banso.engine.warehouse.contents import Extent
from banso.kit.errors import InvalidInputError

Facts: TypeAlias = Warehouse | RemoteFacts

FEW = 0.2
"""Below this share of the accounts, one statement reads only the rows of those asked for."""


def evaluate(
    facts: Facts,
    catalogue: Catalogue,
    keys: Sequence[str],
    as_of: date,
    account_ids: Sequence[int],
) -> pa.Table:
    """The values of metrics for accounts, from nothing but what was known on a day.

    Args:
        facts: the warehouse, or another engine that has the same tables.

    Returns:
        account_id (int64) in the order asked for, and one nullable float64 column per key.

    Raises:
        NotFoundError: a key or a dataset does not exist.
        InvalidInputError: a definition cannot be evaluated, or the day is out of range.
        ConflictError: another engine cannot be reached or fails.
    """
    check_day(as_of)
    definitions = resolve_all(facts, catalogue, keys)
    extents = _extents(facts, {at.leaf.dataset for at in distinct_leaves(definitions)})
    accounts = max((extent.account_span for extent in extents.values()), default=0)
    narrow = len(account_ids) <= FEW * accounts
    first_days = {name: extent.first_day for name, extent in extents.items()}
    asked = requested(account_ids)
    if isinstance(facts, RemoteFacts):
        metrics = dict(zip(keys, definitions, strict=True))
        return facts.values(metrics, as_of, first_days, asked, narrow=narrow)
    if not narrow:
        values = Assembly(facts, as_of, first_days, asked).values(definitions)
        return pa.table([asked["account_id"], *values], names=["account_id", *keys])
    statement = compile_metrics(definitions, facts.datasets())
    table = facts.query(statement.on(as_of, first_days), asked)
    return table.rename_columns(["account_id", *keys])


def _extents(facts: Facts, names: Collection[str]) -> dict[str, Extent]:
    if isinstance(facts, RemoteFacts):
        return facts.extents(names)
    return {name: facts.extent(name) for name in names}


def resolve_all(facts: Facts, catalogue: Catalogue, keys: Sequence[str]) -> list[Definition]:
    """The definitions of keys without references, checked against the datasets there are."""
    definitions = [resolve(catalogue, key) for key in keys]
    datasets = facts.datasets()
    for at in distinct_leaves(definitions):
        facts.spec(at.leaf.dataset)
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
