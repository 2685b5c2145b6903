"""Metrics of so many accounts that every pass over a dataset reads it whole.

What the passes find is put together here, by the positions of the accounts: a database that joins
the passes looks every account up once for each of them, which takes a quarter of all the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np
import pyarrow as pa

from banso.engine.arithmetic import Floats, calculated
from banso.engine.compile import PassStatement, compile_passes
from banso.engine.compile.values import ZERO_WHEN_TRACKED
from banso.engine.definitions import Definition, Leaf, Window
from banso.engine.planning import LeafAt
from banso.engine.warehouse import Warehouse


@dataclass(frozen=True)
class Assembly:
    """The values of accounts as of a day.

    Passes are statements of their own, between which events may arrive: whoever takes events in
    measures the accounts that they touched once more.

    Args:
        first_days: the first day of each dataset.
        requested: the accounts, as :func:`banso.engine.evaluate.requested` gives them.
    """

    warehouse: Warehouse
    day: date
    first_days: Mapping[str, date]
    requested: pa.Table

    def values(self, definitions: Sequence[Definition]) -> list[pa.Array]:
        """One column per resolved definition, in the order of the accounts asked for."""
        ids, back = np.unique(self.requested["account_id"].to_numpy(), return_inverse=True)
        in_order = np.array_equal(back, np.arange(len(back)))
        passes = compile_passes(definitions, self.warehouse.datasets())
        leaves = {at: found for item in passes for at, found in self._read(item, ids)}
        look_up = partial(_leaf, leaves)
        columns = (calculated(item, 0, look_up) for item in definitions)
        return [pa.array(one if in_order else one[back], from_pandas=True) for one in columns]

    def _read(self, item: PassStatement, ids: np.ndarray) -> Iterator[tuple[LeafAt, Floats]]:
        """The leaves of a pass for accounts in ascending order."""
        table = self.warehouse.query(item.on(self.day), self.requested, dense=True)
        accounts = table["account_id"].to_numpy()
        at = np.minimum(np.searchsorted(ids, accounts), len(ids) - 1)
        known = ids[at] == accounts
        for leaf, column in zip(item.leaves, table.columns[1:], strict=True):
            values = column.to_numpy()
            yield leaf, self._settled(leaf, len(ids), at[known], values[known])

    def _settled(self, at: LeafAt, count: int, places: np.ndarray, values: Floats) -> Floats:
        """Zero or empty for an account without rows, as the kind of the leaf wants it."""
        if at.leaf.aggregation not in ZERO_WHEN_TRACKED:
            found = np.full(count, np.nan)
            found[places] = values
            return found
        offset = at.leaf.offset if isinstance(at.leaf, Window) else 0
        if self.day - timedelta(days=at.shift + offset) < self.first_days[at.leaf.dataset]:
            return np.full(count, np.nan)
        found = np.zeros(count)
        found[places] = np.where(np.isnan(values), 0.0, values)
        return found


def _leaf(leaves: Mapping[LeafAt, Floats], node: Leaf, shift: int) -> Floats:
    return leaves[LeafAt(node, shift)]
