"""The people who sign in at each customer: when they come, when they go, how often they work."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from banso.connectors.demo.contracts import Contract
from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.features import FIELD, MANAGER, OFFICE
from banso.connectors.demo.randomness import dice
from banso.connectors.demo.timeline import DAYS, NEVER, Floats, Ints

_SEAT_USE = {
    Cause.EXPANDING: (0.94, 1.0),
    Cause.SILENT: (0.40, 0.55),
    Cause.FAILED_ONBOARDING: (0.35, 0.60),
}
_LEAST_SEAT_USE = 0.18
"""Share of seats in use at an account that hardly works with the product; 1.0 is the other end."""

_HABITS = ((0.20, 0.42, 0.72), (0.44, 0.18, 0.36), (0.36, 0.08, 0.16))
"""(share of users, lowest and highest chance to sign in on a working day)."""

_FIRST_USER = (0.26, 0.60)
_TURNOVER = 0.18
"""Share of seats whose user is replaced once within the 24 months."""


@dataclass(frozen=True)
class Users:
    """One entry per user; days are offsets, ``leave`` is the first day without him."""

    account: Ints
    number: Ints
    role: Ints
    join: Ints
    leave: Ints
    rate: Floats


@dataclass(frozen=True)
class _Seat:
    join: int
    leave: int
    role: int
    rate: float


def user_key(account: int, number: int) -> str:
    """The id under which usage names a user; number 0 is the champion."""
    return f"U{account + 1:05d}-{number:02d}"


def _rate(slot: int, chance: random.Random) -> float:
    """Chance to sign in on a working day; the first user is the one who needs the product most."""
    if slot == 0:
        return chance.uniform(*_FIRST_USER)
    _, low, high = chance.choices(_HABITS, weights=[habit[0] for habit in _HABITS])[0]
    return chance.uniform(low, high)


def _role(slot: int, chance: random.Random) -> int:
    if slot < 3:
        return (MANAGER, OFFICE, FIELD)[slot]
    return chance.choices((FIELD, OFFICE, MANAGER), weights=(0.62, 0.26, 0.12))[0]


def _span_of_slot(steps: list[tuple[int, int]], needed: int) -> tuple[int, int] | None:
    """When the contract holds enough seats for a slot: first day, and first day after."""
    join = next((day for day, seats in steps if seats >= needed), None)
    if join is None:
        return None
    leave = next((day for day, seats in steps if day > join and seats < needed), NEVER)
    return join, leave


def _delay(first: int, join: int, slot: int, cause: Cause, chance: random.Random) -> int:
    """Days between a seat and its first use; in a roll-out people come one after the other."""
    if slot == 0:
        return 0
    if join == first:
        return chance.randint(0, 40 if cause is not Cause.FAILED_ONBOARDING else 90)
    return chance.randint(-15, 12) if cause is Cause.EXPANDING else chance.randint(0, 30)


def _last_day(slot: int, cause: Cause, onset: int, decline: int, chance: random.Random) -> int:
    """When the hidden cause makes this user stop."""
    if slot == 0 and cause in (Cause.CHAMPION_LEFT, Cause.RECOVERED):
        return onset
    if cause is Cause.SLOW_DISENGAGEMENT and chance.random() > 0.15:
        return onset + round(decline * chance.random())
    return NEVER


def _seats(
    contract: Contract, depth: float, fates: Fates, index: int, chance: random.Random
) -> list[_Seat]:
    cause = CAUSES[int(fates.cause[index])]
    steps = [step for step in contract.seat_steps if step[0] < fates.churn_on[index]]
    usual = min(1.0, _LEAST_SEAT_USE + 0.84 * depth * chance.uniform(0.9, 1.1))
    share = chance.uniform(*_SEAT_USE[cause]) if cause in _SEAT_USE else usual
    most = max(seats for _, seats in steps)
    seats: list[_Seat] = []
    for slot in range(max(1, round(share * most))):
        span = _span_of_slot(steps, max(1, int((slot + 1) / share + 0.5)))
        if span is None:
            continue
        join = span[0] + _delay(steps[0][0], span[0], slot, cause, chance)
        if span[0] == steps[0][0]:
            join += contract.service_start - steps[0][0]
        onset, decline = int(fates.onset[index]), int(fates.decline_days[index])
        leave = min(span[1], _last_day(slot, cause, onset, decline, chance))
        leave = min(leave, int(fates.churn_on[index]))
        seats += _with_turnover(
            _Seat(join, leave, _role(slot, chance), _rate(slot, chance)), chance
        )
    return [*seats, *_returned(contract, fates, index, share, chance)]


def _with_turnover(seat: _Seat, chance: random.Random) -> list[_Seat]:
    """Sometimes a user is replaced by another, with a gap of one to three weeks."""
    changed_on = chance.randint(-DAYS, 0)
    if chance.random() > _TURNOVER or not seat.join + 30 < changed_on < seat.leave - 30:
        return [seat]
    arrival = changed_on + chance.randint(7, 21)
    successor = _Seat(arrival, seat.leave, seat.role, seat.rate * chance.uniform(0.7, 1.2))
    return [_Seat(seat.join, changed_on, seat.role, seat.rate), successor]


def _returned(
    contract: Contract, fates: Fates, index: int, share: float, chance: random.Random
) -> list[_Seat]:
    back = int(fates.return_on[index])
    if back >= 0:
        return []
    count = max(1, round(share * contract.changes[-1].terms.seats))
    return [
        _Seat(back + chance.randint(0, 20), NEVER, _role(slot, chance), _rate(slot, chance))
        for slot in range(count)
    ]


def draw_users(
    contracts: list[Contract],
    fates: Fates,
    engagement: Floats,
    seed: int,
    first: int,
    last: int,
) -> Users:
    """The users of the accounts from ``first`` up to, not including, ``last``."""
    rows: list[tuple[int, int, int, int, int, float]] = []
    for index in range(first, last):
        chance = dice(seed, "users", index)
        seats = _seats(contracts[index], float(engagement[index]), fates, index, chance)
        rows += [
            (index, number, seat.role, seat.join, seat.leave, seat.rate)
            for number, seat in enumerate(seats)
        ]
    return _in_columns(rows)


def _in_columns(rows: list[tuple[int, int, int, int, int, float]]) -> Users:
    account, number, role, join, leave, rate = zip(*rows, strict=True)
    return Users(
        account=np.array(account),
        number=np.array(number),
        role=np.array(role),
        join=np.array(join),
        leave=np.array(leave),
        rate=np.array(rate),
    )
