"""Contracts, tickets and opinions of the synthetic accounts, as other rooms would offer them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from standard import (
    CORE,
    CORE_FEATURE_DAYS,
    LOGIN,
    LOGIN_DAYS,
    NPS,
    SENTIMENT_SPANS,
    SUBSCRIPTION_LINES,
    TICKET_SPANS,
    TICKETS,
)

from banso.engine.warehouse import Warehouse

TICKETS_A_YEAR = 6
ANSWERS_A_YEAR = 2
SENTIMENTS_A_YEAR = 2


def fill_datasets(warehouse: Warehouse, ids: Sequence[int], first: date, days: int) -> None:
    """Give every account what the standard metrics look at besides use."""
    warehouse.replace_part(LOGIN_DAYS, LOGIN)
    warehouse.replace_part(CORE_FEATURE_DAYS, CORE)
    draw = _Draw(np.asarray(ids, dtype=np.int64), np.datetime64(first, "D"), days)
    opened, spans = draw.tickets(len(ids) * TICKETS_A_YEAR)
    warehouse.replace_dataset(TICKETS, opened)
    warehouse.replace_dataset(TICKET_SPANS, spans)
    warehouse.replace_dataset(NPS, draw.answers(len(ids) * ANSWERS_A_YEAR))
    warehouse.replace_dataset(SENTIMENT_SPANS, draw.sentiments(len(ids) * SENTIMENTS_A_YEAR))
    warehouse.replace_dataset(SUBSCRIPTION_LINES, draw.lines())


class _Draw:
    """Random rows from one seed."""

    def __init__(self, ids: NDArray[np.int64], first: np.datetime64, days: int) -> None:
        self.random = np.random.default_rng(42)
        self.ids, self.first, self.days = ids, first, days

    def some_days(self, count: int) -> NDArray[np.datetime64]:
        return self.first + self.random.integers(0, self.days, count)

    def tickets(self, count: int) -> tuple[pa.Table, pa.Table]:
        opened, who = self.some_days(count), self.random.choice(self.ids, count)
        priority = self.random.choice(["low", "normal", "urgent"], count, p=[0.3, 0.6, 0.1])
        closed = opened + 1 + self.random.geometric(0.2, count)
        number = np.arange(count)
        both = {"account_id": who, "priority": priority}
        return (
            pa.table({**both, "day": opened, "ticket_id": number}),
            pa.table({**both, "from_day": opened, "to_day": closed}),
        )

    def answers(self, count: int) -> pa.Table:
        score = np.minimum(10, self.random.poisson(7.5, count)).astype(np.float64)
        return pa.table(
            {
                "account_id": self.random.choice(self.ids, count),
                "day": self.some_days(count),
                "score": score,
                "seq": np.arange(count),
            }
        )

    def sentiments(self, count: int) -> pa.Table:
        began = self.some_days(count)
        return pa.table(
            {
                "account_id": self.random.choice(self.ids, count),
                "from_day": began,
                "to_day": began + 180,
                "points": self.random.choice([0.0, 50.0, 100.0], count, p=[0.15, 0.5, 0.35]),
            }
        )

    def lines(self) -> pa.Table:
        """Two lines after one another: the second begins within the year and has more seats."""
        count = len(self.ids)
        change = self.first + self.random.integers(30, self.days, count)
        began = self.first - self.random.integers(0, 700, count)
        seats = 3.0 + self.random.geometric(0.15, count)
        more = seats + self.random.integers(0, 5, count)
        all_seats = np.concatenate([seats, more])
        return pa.table(
            {
                "account_id": np.concatenate([self.ids, self.ids]),
                "from_day": np.concatenate([began, change]),
                "to_day": pa.array(
                    np.concatenate([change, change]), mask=np.arange(2 * count) >= count
                ),
                "seats": all_seats,
                "mrr": all_seats * 1_000,
                "arr": all_seats * 12_000,
                "is_trial": np.zeros(2 * count, dtype=np.int64),
                "is_addon": np.zeros(2 * count, dtype=np.int64),
                "started": np.concatenate([began, began]),
            }
        )
