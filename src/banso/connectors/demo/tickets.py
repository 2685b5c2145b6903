"""Support tickets: a steady trickle, more in the first weeks, a storm where support fails."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.moments import MINUTES_A_DAY, office_minute, written
from banso.connectors.demo.mood import Moods
from banso.connectors.demo.people import Person
from banso.connectors.demo.randomness import dice, stream
from banso.connectors.demo.ticket_texts import CRISIS, ONBOARDING, ORDINARY
from banso.connectors.demo.timeline import DAYS, Timeline

TICKET_COLUMNS = (
    "external_id",
    "account_external_id",
    "contact_external_id",
    "subject",
    "category",
    "priority",
    "status",
    "opened_at",
    "first_response_at",
    "closed_at",
    "satisfaction",
    "escalated",
)
_PER_YEAR = 1.5
_PER_SEAT_AND_YEAR = 0.16
_HOUR = 60
_PRIORITIES = ("low", "normal", "high", "urgent")
_ORDINARY_ODDS = (0.25, 0.58, 0.14, 0.03)
_CRISIS_ODDS = (0.0, 0.15, 0.45, 0.40)
_RATED = 0.45


@dataclass(frozen=True)
class Ticket:
    """One ticket; times are minutes from today's midnight, None while it has not happened."""

    opened: int
    answered: int | None
    closed: int | None
    priority: str
    subject: str
    category: str
    rating: int | None
    escalated: bool


def _happened(minute: float) -> int | None:
    return int(minute) if minute < 0 else None


def _ticket(
    day: int, mood: float, kind: str, language: str, timeline: Timeline, chance: random.Random
) -> Ticket:
    crisis = kind == "crisis"
    texts = {"crisis": CRISIS, "onboarding": ONBOARDING}.get(kind, ORDINARY)
    subject = chance.choice(texts)
    opened = office_minute(day, timeline, chance)
    priority = chance.choices(_PRIORITIES, weights=_CRISIS_ODDS if crisis else _ORDINARY_ODDS)[0]
    wait = chance.uniform(14, 70) if crisis else min(chance.expovariate(1 / 4.5) + 0.3, 40)
    work = chance.uniform(60, 400) if crisis else min(chance.expovariate(1 / 30) + 1, 240)
    answered = _happened(opened + wait * _HOUR)
    closed = _happened(opened + (wait + work) * _HOUR)
    rating = None
    if closed is not None and chance.random() < _RATED:
        rating = max(1, min(5, round(chance.gauss(1.2 + 4.1 * mood - 1.3 * crisis, 0.7))))
    return Ticket(
        opened,
        answered,
        closed,
        priority,
        subject.ja if language == "ja" else subject.en,
        subject.category,
        rating,
        escalated=crisis and chance.random() < 0.35,
    )


def _crisis_days(cause: Cause, onset: int, chance: random.Random) -> list[int]:
    if cause is Cause.SUPPORT_CRISIS:
        return [onset + chance.randint(-12, 65) for _ in range(chance.randint(7, 13))]
    if cause is Cause.RECOVERED and chance.random() < 0.3:
        return [onset + chance.randint(-10, 30) for _ in range(chance.randint(3, 6))]
    return []


def _status(ticket: Ticket) -> str:
    if ticket.closed is not None:
        return "closed"
    return "open" if ticket.answered is None else "pending"


def _expected(customers: Customers, factor: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    yearly = _PER_YEAR + _PER_SEAT_AND_YEAR * customers.seats
    return np.asarray(yearly * factor * DAYS / 365, dtype=np.float64)


def draw_tickets(
    customers: Customers,
    fates: Fates,
    moods: Moods,
    people: list[list[Person]],
    timeline: Timeline,
    seed: int,
    factor: float,
) -> Iterator[tuple[str, ...]]:
    """Rows of the tickets file, account by account in order of time."""
    counts = stream(seed, "tickets").poisson(_expected(customers, factor))
    for index in range(len(customers)):
        chance = dice(seed, "tickets", index)
        made = sorted(
            _account_tickets(customers, fates, moods, timeline, index, int(counts[index]), chance),
            key=lambda ticket: ticket.opened,
        )
        for number, ticket in enumerate(made):
            yield _row(customers, index, number, ticket, people[index], timeline, chance)


def _account_tickets(
    customers: Customers,
    fates: Fates,
    moods: Moods,
    timeline: Timeline,
    index: int,
    count: int,
    chance: random.Random,
) -> Iterator[Ticket]:
    start, end = int(customers.start[index]), min(int(fates.churn_on[index]), 0)
    days = [(chance.randint(-DAYS + 3, -1), "ordinary") for _ in range(count)]
    days += [(start + chance.randint(2, 50), "onboarding") for _ in range(chance.randint(0, 4))]
    cause = CAUSES[int(fates.cause[index])]
    storm = _crisis_days(cause, int(fates.onset[index]), chance)
    days += [(day, "crisis") for day in storm]
    for day, kind in days:
        # A weekend is moved back by up to two days, so the first days are left out.
        if max(start + 2, -DAYS + 3) <= day < end:
            mood = moods.at(index, day)
            yield _ticket(day, mood, kind, customers.language(index), timeline, chance)


def _row(
    customers: Customers,
    index: int,
    number: int,
    ticket: Ticket,
    people: list[Person],
    timeline: Timeline,
    chance: random.Random,
) -> tuple[str, ...]:
    day = ticket.opened // MINUTES_A_DAY
    present = [person for person in people if person.left > day] or people
    asked = chance.choice(present)
    return (
        f"T{index + 1:05d}-{number + 1:03d}",
        customers.external_id(index),
        asked.external_id(index),
        ticket.subject,
        ticket.category,
        ticket.priority,
        _status(ticket),
        written(ticket.opened, timeline),
        "" if ticket.answered is None else written(ticket.answered, timeline),
        "" if ticket.closed is None else written(ticket.closed, timeline),
        "" if ticket.rating is None else str(ticket.rating),
        "true" if ticket.escalated else "false",
    )
