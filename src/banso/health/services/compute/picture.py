"""What is known of accounts on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from banso.accounts.selectors.book import BookRow, book_rows
from banso.contracts.selectors.subscriptions import Standing, active_spans, standings
from banso.engine.evaluate import Facts
from banso.engine.history import history
from banso.engine.warehouse import Warehouse
from banso.health.rules.customers import Span, is_customer
from banso.health.services.engines import measuring
from banso.health.services.values import (
    Catalogue,
    Floats,
    Ints,
    usable_metrics,
    use_days,
    values_on,
)
from banso.health.services.warehouse import warehouse
from banso.kit import clock
from banso.workspace.selectors import company

FEW_ACCOUNTS = 1000
"""Up to so many, all days of their history take less time than one statement for each day."""


@dataclass(frozen=True)
class Picture:
    """Everything known of the accounts on the day, as arrays in the order of ``ids``."""

    day: date
    rows: list[BookRow]
    ids: list[int]
    known: Catalogue
    values: dict[str, Floats]
    earlier: dict[int, dict[str, Floats]]
    used: Mapping[int, tuple[date, date]]
    spans: Mapping[int, Sequence[Span]]
    standing: Mapping[int, Standing]
    customers: NDArray[np.bool_]

    def pick(self, at: Ints) -> Picture:
        """What is known of the accounts at some positions."""
        return replace(
            self,
            rows=[self.rows[i] for i in at.tolist()],
            ids=[self.ids[i] for i in at.tolist()],
            values=picked(self.values, at),
            earlier={ago: picked(values, at) for ago, values in self.earlier.items()},
            customers=self.customers[at],
        )


def picked(values: Mapping[str, Floats], at: Ints) -> dict[str, Floats]:
    """Some of the rows of every column."""
    return {key: found[at] for key, found in values.items()}


def look(
    day: date,
    account_ids: Sequence[int] | None = None,
    *,
    earlier: Sequence[int] = (),
    here: bool = False,
) -> Picture:
    """What is known of accounts as of a day.

    Args:
        earlier: days before it for which the metrics are wanted too.
        here: measure in the warehouse, even everybody and whatever engine is named.
    """
    store = warehouse()
    rows = book_rows(account_ids)
    ids = [row.account_id for row in rows]
    known, keys = usable_metrics(store)
    used, spans = use_days(store, day, account_ids), active_spans(account_ids)
    with measuring(store, everybody=account_ids is None and not here) as facts:
        values = values_on(store, known, keys, day, ids, facts=facts)
        before = _before(store, facts, known, keys, day, earlier, ids)
    return Picture(
        day,
        rows,
        ids,
        known,
        values,
        before,
        used,
        spans,
        standings(day, account_ids),
        np.array(
            [is_customer(spans.get(one, ()), used.get(one, (None,))[0], day) for one in ids],
            dtype=bool,
        ),
    )


def _before(
    store: Warehouse,
    facts: Facts,
    known: Catalogue,
    keys: Sequence[str],
    day: date,
    earlier: Sequence[int],
    ids: Sequence[int],
) -> dict[int, dict[str, Floats]]:
    """Days ago to the values of that day."""
    if not earlier or facts is not store or len(ids) > FEW_ACCOUNTS:
        days = {ago: day - timedelta(days=ago) for ago in earlier}
        return {
            ago: values_on(store, known, keys, then, ids, facts=facts) for ago, then in days.items()
        }
    start, end = day - timedelta(days=max(earlier)), day - timedelta(days=min(earlier))
    found = history(store, known, keys, ids, start, end)
    at = {ago: max(earlier) - ago for ago in earlier}
    return {ago: {key: found[key][:, at[ago]].copy() for key in keys} for ago in earlier}


def moment_of(day: date) -> datetime:
    """Now, or the end of a day that lies in the past, in the company's zone."""
    end = datetime.combine(day, time(23, 59), ZoneInfo(company().time_zone))
    return min(clock.now(), end)
