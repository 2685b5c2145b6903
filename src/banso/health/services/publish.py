"""Publishing what account pages show of usage, from the warehouse to the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from banso.engine.warehouse import Warehouse
from banso.health.services.sync import Progress, nothing
from banso.health.services.warehouse import warehouse
from banso.usage.services.profile import publish_profiles, withdraw_profiles
from banso.usage.types import PROFILE_DAYS, PROFILE_USERS, WEEK, Profile, UserWeeks

#: Accounts whose profiles are built at once, as reading them costs the same for few and many.
_READ = 2_000
#: Accounts whose profiles are written in one transaction.
_WRITTEN = 400
_EPOCH = date(1970, 1, 1)
Ints = NDArray[np.int64]


def publish_usage(account_ids: Sequence[int], as_of: date, progress: Progress = nothing) -> int:
    """Publish the usage profiles of accounts as of a day; returns how many have any usage."""
    ids, published = sorted(account_ids), 0
    for start in range(0, len(ids), _READ):
        part = ids[start : start + _READ]
        profiles = build_profiles(warehouse(), part, as_of)
        found = list(profiles.items())
        for first in range(0, len(found), _WRITTEN):
            publish_profiles(dict(found[first : first + _WRITTEN]))
        withdraw_profiles([one for one in part if one not in profiles])
        published += len(profiles)
        progress(min(start + _READ, len(ids)), len(ids), "usage")
    return published


def build_profiles(store: Warehouse, account_ids: Sequence[int], as_of: date) -> dict[int, Profile]:
    """Profiles of the 13 months up to a day, for accounts that have any usage in them."""
    first = as_of - timedelta(days=PROFILE_DAYS - 1)
    days = _Days(store.account_days_of(account_ids, first), as_of)
    features = _Days(store.feature_days_of(account_ids, first), as_of)
    users = _Days(store.user_days_of(account_ids, first), as_of)
    return {
        one: _profile(days.of(one), features.of(one), users.of(one), first, as_of)
        for one in account_ids
        if days.has(one)
    }


class _Days:
    """Rows of a roll-up, sorted by account, that can be cut by account without searching."""

    def __init__(self, table: pa.Table, as_of: date) -> None:
        table = table.filter(pc.less_equal(table["day"], pa.scalar(as_of)))
        self._table = table
        accounts = table["account_id"].to_numpy()
        ids, starts = np.unique(accounts, return_index=True)
        ends = np.append(starts, len(accounts))[1:]
        self._bounds = {
            int(one): (int(start), int(end))
            for one, start, end in zip(ids, starts, ends, strict=True)
        }

    def has(self, account_id: int) -> bool:
        return account_id in self._bounds

    def of(self, account_id: int) -> pa.Table:
        start, end = self._bounds.get(account_id, (0, 0))
        return self._table.slice(start, end - start)


def _profile(
    days: pa.Table, features: pa.Table, users: pa.Table, first: date, as_of: date
) -> Profile:
    at = _offsets(days, first)
    length = int(at.max()) + 1
    week = first - timedelta(days=first.weekday())
    return Profile(
        first_day=first,
        last_day=first + timedelta(days=length - 1),
        events=_spread(at, days["events"], length),
        users=_spread(at, days["users"], length),
        features=_by_feature(features, first),
        first_week=week,
        user_weeks=_user_weeks(users, first, week, as_of),
        users_seen=len(pc.unique(users["user_key"])),
    )


def _offsets(table: pa.Table, first: date) -> Ints:
    numbers = table["day"].cast(pa.int32()).to_numpy()
    return np.asarray(numbers - (first - _EPOCH).days, dtype=np.int64)


def _numbers(column: pa.ChunkedArray) -> Ints:
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _spread(at: Ints, column: pa.ChunkedArray, length: int) -> list[int]:
    found = np.zeros(length, dtype=np.int64)
    found[at] = _numbers(column)
    days: list[int] = found.tolist()
    return days


def _codes(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return np.asarray(encoded.indices.to_numpy(), dtype=np.int64), encoded.dictionary.to_pylist()


def _by_feature(table: pa.Table, first: date) -> dict[str, list[int]]:
    if not table.num_rows:
        return {}
    codes, names = _codes(table["feature"])
    at, events = _offsets(table, first), _numbers(table["events"])
    grid = np.zeros((len(names), int(at.max()) + 1), dtype=np.int64)
    np.add.at(grid, (codes, at), events)
    return {name: _trimmed(row) for name, row in sorted(zip(names, grid, strict=True), key=_name)}


def _name(item: tuple[str, Ints]) -> str:
    return item[0]


def _trimmed(row: Ints) -> list[int]:
    last = int(np.flatnonzero(row)[-1]) + 1 if row.any() else 0
    days: list[int] = row[:last].tolist()
    return days


def _user_weeks(table: pa.Table, first: date, week: date, as_of: date) -> list[UserWeeks]:
    if not table.num_rows:
        return []
    codes, names = _codes(table["user_key"])
    at, events = _offsets(table, first), _numbers(table["events"])
    weeks = (as_of - week) // WEEK + 1
    grid = np.zeros((len(names), weeks), dtype=np.int64)
    np.add.at(grid, (codes, (at + (first - week).days) // 7), events)
    last = np.zeros(len(names), dtype=np.int64)
    np.maximum.at(last, codes, at)
    total = grid.sum(axis=1).tolist()
    order = sorted(range(len(names)), key=lambda i: (-total[i], names[i]))
    return [
        UserWeeks(names[i], first + timedelta(days=int(last[i])), _trimmed(grid[i]))
        for i in order[:PROFILE_USERS]
    ]
