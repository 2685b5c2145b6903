"""Histories of whole metrics, in chunks of accounts that fit the memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from banso.engine.arithmetic import calculated
from banso.engine.definitions import Definition, Leaf, Window
from banso.engine.evaluate import check_day, requested, resolve_all
from banso.engine.history.rows import MOST_ACCOUNTS, Floats, Rows, day_number, read_rows
from banso.engine.history.states import state_history
from banso.engine.history.windows import window_history
from banso.engine.planning import Catalogue, distinct_leaves
from banso.engine.warehouse import Warehouse
from banso.kit.errors import InvalidInputError

T = TypeVar("T")
CHUNK_CELLS = 4_000_000
"""Values held at once over all metrics of a chunk: 32 MB."""
SHARE_ROWS = 3_000_000
"""Rows read at once from one dataset, if the accounts have as many as others do."""
WORKERS = 2
"""Chunks computed at the same time."""


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

    def keep(chunk: HistoryChunk) -> None:
        for key, values in chunk.values.items():
            found[key][chunk.accounts] = values

    for _ in history_map(keep, warehouse, catalogue, keys, account_ids, start, end):
        pass
    return found


def history_map(
    function: Callable[[HistoryChunk], T],
    warehouse: Warehouse,
    catalogue: Catalogue,
    keys: Sequence[str],
    account_ids: Sequence[int],
    start: date,
    end: date,
) -> Iterator[T]:
    """What a function makes of what :func:`history` gives, some accounts at a time.

    So memory stays bounded. The function is called in several threads; what it makes comes in the
    order of the accounts.
    """
    _days(start, end)
    definitions = dict(zip(keys, resolve_all(warehouse, catalogue, keys), strict=True))
    shifts: dict[Leaf, int] = {}
    for at in distinct_leaves(list(definitions.values())):
        shifts[at.leaf] = max(shifts.get(at.leaf, 0), at.shift)
    plan = _Plan(definitions, shifts, (start, end))
    with ThreadPoolExecutor(WORKERS) as pool:
        under_way: deque[Future[T]] = deque()
        for accounts, rows in _pieces(warehouse, plan, account_ids):
            under_way.append(pool.submit(lambda *of: function(_chunk(plan, *of)), accounts, rows))
            del rows
            if len(under_way) > WORKERS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@dataclass(frozen=True)
class _Plan:
    """What is wanted of every account; ``shifts`` has the longest shift of each leaf."""

    definitions: Mapping[str, Definition]
    shifts: Mapping[Leaf, int]
    span: tuple[date, date]

    @property
    def days(self) -> int:
        return _days(*self.span)

    def leaves_of(self, dataset: str) -> dict[Leaf, int]:
        return {leaf: shift for leaf, shift in self.shifts.items() if leaf.dataset == dataset}


_Read = dict[str, tuple[Rows, int]]
"""Per dataset the rows of some accounts, and the day number from which it has rows at all."""


def _pieces(
    warehouse: Warehouse, plan: _Plan, account_ids: Sequence[int]
) -> Iterator[tuple[slice, _Read]]:
    """Read the rows of many accounts at once, and hand them on for a few at a time.

    Those of the next are read meanwhile.
    """
    count = len(account_ids)
    if not count:
        return
    share, size = _share_size(warehouse, plan), _chunk_size(plan)
    with ThreadPoolExecutor(1) as reader:

        def begin_reading(first: int) -> Future[_Read]:
            return reader.submit(_read, warehouse, plan, account_ids[first : first + share])

        coming = begin_reading(0)
        for first in range(0, count, share):
            read = coming.result()
            if first + share < count:
                coming = begin_reading(first + share)
            for begin in range(first, min(first + share, count), size):
                end = min(begin + size, first + share, count)
                part = {
                    name: (rows.of(begin - first, end - first), known)
                    for name, (rows, known) in read.items()
                }
                yield slice(begin, end), part
            # Or they would still be held while the next are waited for.
            del read, part


def _read(warehouse: Warehouse, plan: _Plan, account_ids: Sequence[int]) -> _Read:
    accounts = requested(account_ids)
    found = {}
    for name in dict.fromkeys(leaf.dataset for leaf in plan.shifts):
        spec, leaves = warehouse.spec(name), plan.leaves_of(name)
        rows = read_rows(warehouse, spec, leaves, plan.span, accounts)
        found[name] = rows, day_number(warehouse.extent(name).first_day)
    return found


def _chunk(plan: _Plan, accounts: slice, read: _Read) -> HistoryChunk:
    found = _leaf_values(plan, accounts.stop - accounts.start, read)

    def leaves(leaf: Leaf, shift: int) -> Floats:
        first = plan.shifts[leaf] - shift
        return found[leaf][:, first : first + plan.days]

    values = {key: calculated(item, 0, leaves) for key, item in plan.definitions.items()}
    return HistoryChunk(accounts, values)


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


def _chunk_size(plan: _Plan) -> int:
    lookbacks = (
        shift + ((leaf.window or 0) if isinstance(leaf, Window) else 0)
        for leaf, shift in plan.shifts.items()
    )
    days = plan.days + max(lookbacks, default=0)
    return max(1, CHUNK_CELLS // (days * (len(plan.shifts) + len(plan.definitions) + 4)))


def _share_size(warehouse: Warehouse, plan: _Plan) -> int:
    extents = [warehouse.extent(leaf.dataset) for leaf in plan.shifts]
    sizes = (SHARE_ROWS * one.account_span // one.rows for one in extents if one.rows)
    return max(1, min([MOST_ACCOUNTS, *sizes]))


def _leaf_values(plan: _Plan, count: int, read: _Read) -> dict[Leaf, Floats]:
    """Each leaf from its longest shift before the span to the span's end."""
    found: dict[Leaf, Floats] = {}
    for name, (rows, known) in read.items():
        for leaf, shift in plan.leaves_of(name).items():
            start = plan.span[0] - timedelta(days=shift)
            days = day_number(start), day_number(plan.span[1])
            found[leaf] = (
                window_history(rows, leaf, count, days, known)
                if isinstance(leaf, Window)
                else state_history(rows, leaf, count, days, known)
            )
    return found
