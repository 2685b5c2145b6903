"""Metric values of many accounts as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import structlog
from numpy.typing import NDArray

from banso.engine.datasets import USAGE_DATASETS
from banso.engine.definitions import Definition
from banso.engine.evaluate import Facts, requested, resolve_all
from banso.engine.planning import distinct_leaves, resolve
from banso.engine.warehouse import Warehouse
from banso.health.selectors.metrics import USAGE_PARTS, catalogue
from banso.health.services.engines import evaluate_on
from banso.kit.errors import BansoError

logger = structlog.get_logger(__name__)
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Catalogue = Mapping[str, Definition]


def usable_metrics(store: Warehouse) -> tuple[Catalogue, list[str]]:
    """The metrics, and the keys of those that can be computed.

    One that cannot, for instance because its dataset is gone, is left out and logged: it must not
    keep the others from being computed.
    """
    known, keys = catalogue(), []
    for key in known:
        try:
            resolve_all(store, known, [key])
        except BansoError as error:
            logger.warning("metric left out", metric=key, reason=str(error))
        else:
            keys.append(key)
    return known, sorted(keys)


def of_usage(known: Catalogue, keys: Sequence[str]) -> list[str]:
    """The keys of metrics that change with what is used, whatever else they read."""
    usage = USAGE_DATASETS.keys() | USAGE_PARTS.keys()
    leaves = {key: distinct_leaves([resolve(known, key)]) for key in keys}
    return [key for key in keys if any(at.leaf.dataset in usage for at in leaves[key])]


def values_on(
    store: Warehouse,
    known: Catalogue,
    keys: Sequence[str],
    day: date,
    ids: Sequence[int],
    *,
    facts: Facts | None = None,
) -> dict[str, Floats]:
    """Metric key to the values of the accounts as of a day, NaN where empty.

    Args:
        facts: what measures in the place of the warehouse.
    """
    if not keys or not len(ids):
        return {key: np.full(len(ids), np.nan) for key in keys}
    table = evaluate_on(facts or store, store, known, keys, day, ids)
    return {key: floats(table[key]) for key in keys}


def floats(column: pa.ChunkedArray) -> Floats:
    """A nullable column as float64 with NaN for empty."""
    # Without a copy a single number would keep alive what DuckDB sets aside per column of an
    # answer: room for a million of them.
    return np.array(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def use_days(
    store: Warehouse, day: date, ids: Sequence[int] | None = None
) -> dict[int, tuple[date, date]]:
    """Account to its first and last day with any use, as known on a day."""
    asked = None if ids is None else requested(ids)
    only = "" if ids is None else "SEMI JOIN requested USING (account_id)"
    table = store.query(
        "SELECT account_id, min(day) AS first, max(day) AS last "  # noqa: S608 - days only
        f"FROM account_days {only} WHERE day <= DATE '{day}' GROUP BY account_id",
        asked,
    ).to_pylist()
    return {row["account_id"]: (row["first"], row["last"]) for row in table}


def used_between(store: Warehouse, after: date, until: date) -> set[int]:
    """Accounts with any use on the days after one and up to another."""
    table = store.query(
        "SELECT DISTINCT account_id FROM account_days "  # noqa: S608 - days only
        f"WHERE day > DATE '{after}' AND day <= DATE '{until}'"
    ).to_pylist()
    return {row["account_id"] for row in table}
