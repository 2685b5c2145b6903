"""The rows that leaves read, as numpy columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from banso.engine.compile import compile_rows
from banso.engine.compile.predicates import first_shift
from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Filter, Leaf, Window
from banso.engine.warehouse import Warehouse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
MOST_ACCOUNTS = 2**16
"""Positions of sixteen bits are sorted without comparing any two."""


@dataclass(frozen=True)
class Rows:
    """Rows of one dataset by account, and their columns; days count from 1970-01-01.

    ``account`` is the position in the chunk of accounts; ``day`` and ``from_day``, never empty,
    are whole, and so are the codes of texts that are never empty; everything else is a float with
    NaN for empty, codes of texts too. ``flags`` says
    which rows fulfil a set of filters. ``rank`` orders the rows of one day.
    """

    account: Ints
    columns: Mapping[str, NDArray[Any]]
    flags: Mapping[tuple[Filter, ...], Bools]

    def of(self, first: int, last: int) -> Rows:
        """The rows of the accounts at positions first to last − 1, which become 0, 1, …"""
        place = slice(*np.searchsorted(self.account, [first, last]))
        return Rows(
            self.account[place] - first,
            {name: column[place] for name, column in self.columns.items()},
            {filters: flag[place] for filters, flag in self.flags.items()},
        )

    def kept(self, filters: tuple[Filter, ...], among: Bools | None = None) -> Rows:
        """The rows that fulfil the filters and are in the mask, without their flags."""
        mask = among
        if filters:
            mask = self.flags[filters] if mask is None else mask & self.flags[filters]
        if mask is None:
            return self
        columns = {name: column[mask] for name, column in self.columns.items()}
        return Rows(self.account[mask], columns, {})


def read_rows(
    warehouse: Warehouse,
    spec: DatasetSpec,
    leaves: Mapping[Leaf, int],
    span: tuple[date, date],
    requested: pa.Table,
) -> Rows:
    """All rows that leaves need for the days of a span, by account.

    Args:
        requested: at most 65,536 accounts.
        leaves: each with the longest shift at which it is wanted.
    """
    start, end = span
    flags = list(dict.fromkeys(leaf.filters for leaf in leaves if leaf.filters))
    columns = _columns(spec, leaves)
    lookback = _lookback(leaves, (end - start).days)
    ranked = spec.columns.get("seq") == "int" and any(
        leaf.aggregation == "latest" for leaf in leaves
    )
    statement = compile_rows(spec, columns, flags, lookback, ranked=ranked)
    table = warehouse.query(statement.on(end, {}), requested)
    position = _numbers(table["position"])
    order = np.argsort(position.astype(np.uint16), kind="stable")
    return Rows(
        position[order],
        {
            name: _column(table[name], name)[order]
            for name in [*columns, *(["rank"] if ranked else [])]
        },
        {
            filters: table[f"keep_{i}"].fill_null(False).to_numpy()[order]
            for i, filters in enumerate(flags)
        },
    )


def _columns(spec: DatasetSpec, leaves: Mapping[Leaf, int]) -> list[str]:
    names = [spec.day_column]
    if spec.grain == "interval":
        names.append("to_day")
    names += [leaf.column for leaf in leaves if leaf.column]
    return list(dict.fromkeys(names))


def _lookback(leaves: Mapping[Leaf, int], days: int) -> int | None:
    """Days before the end of the span from which rows matter; None: from the first row on."""
    starts = [
        first_shift(leaf, shift) if isinstance(leaf, Window) else None
        for leaf, shift in leaves.items()
    ]
    bounded = [start for start in starts if start is not None]
    return days + max(bounded) if len(bounded) == len(starts) else None


def _column(column: pa.ChunkedArray, name: str) -> NDArray[Any]:
    kind = column.type
    if pa.types.is_date(kind):
        days = column.cast(pa.int32())
        return _numbers(days) if name in ("day", "from_day") else _floats(days)
    if name == "rank":
        return _numbers(column)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _floats(column)
    codes = column.combine_chunks().dictionary_encode().indices
    return _floats(pa.chunked_array([codes])) if codes.null_count else codes.to_numpy()


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def _numbers(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.cast(pa.int64()).to_numpy(), dtype=np.int64)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days
