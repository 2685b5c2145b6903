"""The metric values that the worker has published, as arrays over all accounts.

For questions about many accounts at once that must not wait for the warehouse: how a metric is
spread, and what an edited scorecard would change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from banso.health.models import Pulse, ScorecardVersion
from banso.health.selectors.columns import columns_of_today

FloatArray = NDArray[np.float64]
BINS = 24


@dataclass(frozen=True)
class Stored:
    """Published values; every array has one entry per account, NaN = none.

    Attributes:
        account_ids: in ascending order.
        scorecard_ids: which scorecard judged the account; 0 = none.
        metrics: metric key to values.
    """

    account_ids: NDArray[np.int64]
    scorecard_ids: NDArray[np.int64]
    metrics: dict[str, FloatArray]

    def of_scorecard(self, scorecard_id: int) -> Stored:
        """Only the accounts that this scorecard judges."""
        mine = self.scorecard_ids == scorecard_id
        return Stored(
            self.account_ids[mine],
            self.scorecard_ids[mine],
            {key: values[mine] for key, values in self.metrics.items()},
        )


@dataclass(frozen=True, slots=True)
class Spread:
    """How a metric is spread over accounts.

    Attributes:
        count: accounts that have a value, out of ``accounts``.
        low, high: the 1st and the 99th percentile; None without values.
        median: the value in the middle.
        bars: (from, to, accounts) of equally wide spans between low and high; values outside are
            counted in the outermost spans.
    """

    accounts: int
    count: int
    low: float | None
    high: float | None
    median: float | None
    bars: tuple[tuple[float, float, int], ...]

    @property
    def share(self) -> float:
        """The share of accounts that have a value, 0 to 1."""
        return self.count / self.accounts if self.accounts else 0.0


def stored() -> Stored:
    """All published values."""
    # Unordered, the database finds both in an index and need not read the wide rows.
    rows = sorted(Pulse.objects.order_by().values_list("pk", "version_id"))
    cards = dict(ScorecardVersion.objects.order_by().values_list("pk", "scorecard_id"))
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    return Stored(
        ids,
        np.array([cards.get(row[1], 0) for row in rows], dtype=np.int64),
        {key: values for (key, _ago), values in columns_of_today().of(ids).known.items()},
    )


def spread(values: FloatArray) -> Spread:
    """How values are spread; NaN counts as none."""
    known = values[~np.isnan(values)]
    if not known.size:
        return Spread(values.size, 0, None, None, None, ())
    low, median, high = (float(item) for item in np.percentile(known, (1, 50, 99)))
    if math.isclose(low, high):
        bars: tuple[tuple[float, float, int], ...] = ((low, high, int(known.size)),)
    else:
        counts, edges = np.histogram(np.clip(known, low, high), bins=BINS, range=(low, high))
        pairs = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
        bars = tuple(pairs)
    return Spread(values.size, int(known.size), low, high, median, bars)


def spreads(keys: Iterable[str]) -> dict[str, Spread]:
    """Metric key to spread over all accounts; unknown keys have no values."""
    found = stored()
    nothing = np.full(found.account_ids.size, np.nan)
    return {key: spread(found.metrics.get(key, nothing)) for key in keys}


def extremes(key: str, count: int = 5) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """The accounts with the lowest and with the highest values, as (account id, value)."""
    found = stored()
    values = found.metrics.get(key)
    if values is None:
        return [], []
    return extremes_of(found.account_ids, values, count)


def extremes_of(
    account_ids: NDArray[np.int64], values: FloatArray, count: int = 5
) -> tuple[list[tuple[int, float]], list[tuple[int, float]]]:
    """The lowest and the highest of some values with their accounts; NaN is neither."""
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    pairs = [(int(account_ids[i]), float(values[i])) for i in order]
    return pairs[:count], pairs[::-1][:count]
