"""Metric values of all accounts as the worker published them last, column by column.

The scores that counted lie beside them under the key ``score``, which no metric may have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from banso.health.models import MetricColumn

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: The key under which the account ids are kept.
ACCOUNTS = ""
FLOAT, INT = np.dtype("<f8"), np.dtype("<i8")


@dataclass(frozen=True)
class Columns:
    """Some metrics over all accounts.

    Attributes:
        account_ids: in ascending order as they were published.
        known: (metric key, days ago) to one value per account, NaN = none.
    """

    account_ids: Ints
    known: dict[tuple[str, int], Floats]

    def values(self, key: str, days_ago: int = 0) -> Floats:
        """One metric; without any value where it has never been measured."""
        found = self.known.get((key, days_ago))
        return np.full(self.account_ids.size, np.nan) if found is None else found

    def of(self, account_ids: Ints) -> Columns:
        """The values of these accounts in their order, NaN where nothing is published yet."""
        if np.array_equal(self.account_ids, account_ids):
            return self
        # One more place, which holds nothing, for those that are not there.
        at = np.searchsorted(self.account_ids, account_ids)
        there = np.append(self.account_ids, -1)[at] == account_ids
        at = np.where(there, at, self.account_ids.size)
        found = {name: np.append(values, np.nan)[at] for name, values in self.known.items()}
        return Columns(account_ids, found)


def columns(wanted: Iterable[tuple[str, int]]) -> Columns:
    """Read the columns of (metric key, days ago), all as of the same run of the worker."""
    asked = (Q(key=key, days_ago=ago) for key, ago in wanted)
    return _read(reduce(or_, asked, Q(key=ACCOUNTS)))


def columns_of_today() -> Columns:
    """Every metric as of the day that was judged last."""
    return _read(Q(days_ago=0))


def all_columns() -> Columns:
    """Everything that is published."""
    return _read(Q())


def _read(condition: Q) -> Columns:
    # One statement, so that the values fit the account ids while the worker publishes.
    rows = MetricColumn.objects.filter(condition).values_list("key", "days_ago", "values")
    found = {(key, ago): bytes(values) for key, ago, values in rows}
    ids = np.frombuffer(found.pop((ACCOUNTS, 0), b""), dtype=INT)
    return Columns(ids, {name: np.frombuffer(values, FLOAT) for name, values in found.items()})
