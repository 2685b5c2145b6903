"""Histories of whole metrics, in chunks of accounts that fit the memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray

from banso.engine.definitions import Change, Definition, Greatest, Leaf, Ratio, Window
from banso.engine.evaluate import check_day, requested, resolve_all
from banso.engine.history.rows import Floats, day_number, read_rows
from banso.engine.history.states import state_history
from banso.engine.history.windows import window_history
from banso.engine.planning import Catalogue, distinct_leaves, resolved
from banso.engine.warehouse import Warehouse
from banso.kit.errors import InvalidInputError

CHUNK_CELLS = 12_000_000
"""Values held at once over all metrics of a chunk: 96 MB."""
CHUNK_ROWS = 1_000_000
"""Rows read at once from one dataset, on average over the accounts."""


@dataclass(frozen=True)
class HistoryChunk:
    """Some of the accounts: where they stand in the list asked for, and their values by key."""

    accounts: slice
    values: dict[str, NDArray[Any]]


def history(
    warehouse: Warehouse,
    catalogue: Catalogue,
    keys: Sequence[str],
    account_ids: Sequence[int],
    start: date,
    end: date,
) -> dict[str, NDArray[np.float64]]:
    """The values of metrics on each day from start to end, both included.

    Returns:
        per key an array of accounts × days in the orders asked for, NaN where empty.

    Raises:
        NotFoundError: a key or a dataset does not exist.
        InvalidInputError: a definition cannot be evaluated, or the span is empty or far off.
    """
    shape = (len(account_ids), _days(start, end))
    found = {key: np.empty(shape) for key in keys}
    for chunk in history_chunks(warehouse, catalogue, keys, account_ids, start, end):
        for key, values in chunk.values.items():
            found[key][chunk.accounts] = values
    return found


def history_chunks(
    warehouse: Warehouse,
    catalogue: Catalogue,
    keys: Sequence[str],
    account_ids: Sequence[int],
    start: date,
    end: date,
    *,
    dtype: DTypeLike = np.float64,
) -> Iterator[HistoryChunk]:
    """What :func:`history` gives, some accounts at a time, so that memory stays bounded."""
    _days(start, end)
    definitions = dict(zip(keys, resolve_all(warehouse, catalogue, keys), strict=True))
    shifts: dict[Leaf, int] = {}
    for at in distinct_leaves(list(definitions.values())):
        shifts[at.leaf] = max(shifts.get(at.leaf, 0), at.shift)
    size = _chunk_size(warehouse, shifts, len(account_ids), len(keys), (start, end))
    for first in range(0, len(account_ids), size):
        part = account_ids[first : first + size]
        # In a function of its own, so that the leaves are gone before the next part is read.
        values = _metric_values(warehouse, definitions, shifts, (start, end), part, dtype)
        yield HistoryChunk(slice(first, first + len(part)), values)


def _metric_values(
    warehouse: Warehouse,
    definitions: Mapping[str, Definition],
    shifts: Mapping[Leaf, int],
    span: tuple[date, date],
    account_ids: Sequence[int],
    dtype: DTypeLike,
) -> dict[str, NDArray[Any]]:
    leaves = _leaf_values(warehouse, shifts, span, requested(account_ids), len(account_ids))
    calculation = _Calculation(leaves, shifts, _days(*span))
    return {key: calculation.value(item, 0).astype(dtype) for key, item in definitions.items()}


def _days(start: date, end: date) -> int:
    check_day(start)
    check_day(end)
    if end < start:
        raise InvalidInputError(
            f"The span from {start} to {end} has no day.",
            code="empty-span",
            remedy="Let it end on or after the day it starts.",
        )
    return (end - start).days + 1


def _chunk_size(
    warehouse: Warehouse,
    shifts: Mapping[Leaf, int],
    accounts: int,
    keys: int,
    span: tuple[date, date],
) -> int:
    lookbacks = (
        shift + ((leaf.window or 0) if isinstance(leaf, Window) else 0)
        for leaf, shift in shifts.items()
    )
    days = _days(*span) + max(lookbacks, default=0)
    by_cells = CHUNK_CELLS // (days * (len(shifts) + keys + 4))
    rows = max((warehouse.extent(leaf.dataset).rows for leaf in shifts), default=0)
    by_rows = CHUNK_ROWS * max(1, accounts) // max(1, rows)
    return max(1, min(by_cells, by_rows if rows > CHUNK_ROWS else accounts))


def _leaf_values(
    warehouse: Warehouse,
    shifts: Mapping[Leaf, int],
    span: tuple[date, date],
    accounts: pa.Table,
    count: int,
) -> dict[Leaf, Floats]:
    """Each leaf from its longest shift before the span to the span's end."""
    found: dict[Leaf, Floats] = {}
    for name in dict.fromkeys(leaf.dataset for leaf in shifts):
        mine = {leaf: shift for leaf, shift in shifts.items() if leaf.dataset == name}
        rows = read_rows(warehouse, warehouse.spec(name), mine, span, accounts)
        known = day_number(warehouse.extent(name).first_day)
        for leaf, shift in mine.items():
            days = (day_number(span[0] - timedelta(days=shift)), day_number(span[1]))
            found[leaf] = (
                window_history(rows, leaf, count, days, known)
                if isinstance(leaf, Window)
                else state_history(rows, leaf, count, days, known)
            )
    return found


@dataclass(frozen=True)
class _Calculation:
    """The arithmetic above the leaves, on slices of their histories."""

    leaves: Mapping[Leaf, Floats]
    shifts: Mapping[Leaf, int]
    days: int

    def value(self, node: Definition, shift: int) -> Floats:
        match node:
            case Ratio(numerator, denominator, scale):
                above = self.value(resolved(numerator), shift)
                below = self.value(resolved(denominator), shift)
                return _divided(above * scale, below)
            case Change(of, days, mode, scale):
                before = self.value(resolved(of), shift + days)
                difference = (self.value(resolved(of), shift) - before) * scale
                return _divided(difference, before) if mode == "relative" else difference
            case Greatest(of):
                items = [self.value(resolved(item), shift) for item in of]
                return reduce(np.fmax, items)
            case _:
                offset = self.shifts[node] - shift
                return self.leaves[node][:, offset : offset + self.days]


def _divided(above: Floats, below: Floats) -> Floats:
    found: Floats = np.full(above.shape, np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return found
