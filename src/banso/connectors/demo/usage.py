"""Usage counted per day, user and feature, drawn for many users at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from banso.connectors.demo.calendars import activity_factors
from banso.connectors.demo.contracts import Contract
from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import Cause, Fates
from banso.connectors.demo.features import IS_CORE, IS_LOGIN, MEAN_EVENTS, ODDS
from banso.connectors.demo.levels import Matrix, account_levels
from banso.connectors.demo.randomness import stream
from banso.connectors.demo.timeline import DAYS, Floats, Ints, Timeline
from banso.connectors.demo.users import Users, draw_users

_ACCOUNTS_AT_ONCE = 400
"""Bounds the memory: 400 accounts × 730 days × ~10 users are about 12 MB per matrix."""

_HIGHEST_CHANCE = 0.97


@dataclass(frozen=True)
class UsageRows:
    """Rows of the usage file in columns. ``user`` points into ``users``; ``day`` into the days."""

    users: Users
    user: Ints
    day: Ints
    feature: Ints
    events: Ints


def _adopted(
    fates: Fates, engagement: Floats, accounts: Ints, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Accounts × features: what each company has taken up at all. Failed ones never get to core."""
    shallow = 1 - engagement[accounts][:, None]
    breadth = rng.uniform(0.75, 1.0, (len(accounts), 1)) - 0.6 * shallow
    adopted = rng.random((len(accounts), len(IS_CORE))) < breadth
    missing = rng.random((len(accounts), len(IS_CORE))) < 0.02 + 0.55 * shallow
    failed = fates.is_cause(Cause.FAILED_ONBOARDING)[accounts][:, None]
    silent = fates.is_cause(Cause.SILENT)[accounts][:, None]
    core = ~missing & ~failed & ~(silent & (rng.random(adopted.shape) < 0.4))
    return np.where(IS_CORE, core, np.where(IS_LOGIN, True, adopted & ~failed | missing))


def _calendar_rows(customers: Customers, accounts: Ints, days: list[date]) -> Matrix:
    """Accounts × days: how much work there is on the day in that country and industry."""
    known: dict[tuple[str, float], Matrix] = {}
    rows = []
    for index in accounts:
        key = (customers.country[index].code, customers.industry[index].saturday)
        if key not in known:
            known[key] = activity_factors(days, *key).astype(np.float32)
        rows.append(known[key])
    return np.stack(rows)


def _visits(users: Users, level: Matrix, first: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(user, day) pairs on which somebody signed in, ordered by user and day."""
    chance = level[users.account - first]
    chance *= users.rate.astype(np.float32)[:, None]
    np.minimum(chance, _HIGHEST_CHANCE, out=chance)
    days = np.arange(DAYS)
    here = (days >= (users.join + DAYS)[:, None]) & (days < (users.leave + DAYS)[:, None])
    came = (rng.random(chance.shape, dtype=np.float32) < chance) & here
    user, day = np.nonzero(came)
    return user, day


def _features_used(
    users: Users, adopted: npt.NDArray[np.bool_], first: int, user: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """(visit, feature) pairs: which features each visit touched."""
    odds = ODDS[users.role] * adopted[users.account - first]
    # The sign-in is drawn with the others, and always happens.
    odds[:, IS_LOGIN] = 1.1
    used = rng.random((len(user), odds.shape[1]), dtype=np.float32) < odds[user]
    visit, feature = np.nonzero(used)
    return visit, feature


def draw_usage(
    customers: Customers,
    fates: Fates,
    engagement: Floats,
    contracts: list[Contract],
    timeline: Timeline,
    seed: int,
) -> Iterator[UsageRows]:
    """All usage rows, in chunks of accounts so that memory stays bounded."""
    days = timeline.calendar()
    for first in range(0, len(customers), _ACCOUNTS_AT_ONCE):
        last = min(first + _ACCOUNTS_AT_ONCE, len(customers))
        rng = stream(seed, f"usage-{first}")
        accounts = np.arange(first, last)
        users = draw_users(contracts, fates, engagement, seed, first, last)
        level = account_levels(customers, fates, engagement, accounts, days, rng)
        level *= _calendar_rows(customers, accounts, days)
        user, day = _visits(users, level, first, rng)
        adopted = _adopted(fates, engagement, accounts, rng)
        visit, feature = _features_used(users, adopted, first, user, rng)
        events = 1 + rng.poisson(MEAN_EVENTS[feature] - 1)
        yield UsageRows(users, user[visit], day[visit], feature, events)
