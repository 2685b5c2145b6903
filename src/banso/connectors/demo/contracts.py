"""Subscription lines: terms, renewals, seats bought and given back, plans changed, add-ons."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from banso.connectors.demo.customers import ENTERPRISE, MID, SMB, Customers
from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.plans import (
    ADD_ONS,
    BASE_FAMILY,
    PLANS,
    add_on_price,
    monthly_price,
    product_key,
)
from banso.connectors.demo.randomness import dice
from banso.connectors.demo.timeline import DAYS, NEVER, Floats, Timeline

_PLAN_ODDS = {SMB: (0.55, 0.40, 0.05), MID: (0.22, 0.55, 0.23), ENTERPRISE: (0.0, 0.40, 0.60)}
_TRIAL_SHARE = 0.18
_TRIAL_DAYS = 30
_SETTLING_DAYS = 110
"""Nobody buys more in the first months."""


@dataclass(frozen=True)
class Terms:
    """What is agreed at a moment."""

    plan: int
    seats: int
    add_ons: tuple[int, ...] = ()


@dataclass(frozen=True)
class Change:
    """The terms from a day on; ``kind``: start, expand, upgrade, add_on, reduce or return."""

    on: int
    kind: str
    terms: Terms


@dataclass(frozen=True)
class Line:
    """One row of the subscriptions file; days are offsets from today, ends are exclusive."""

    product: str
    family: str
    is_addon: bool
    start: int
    end: int
    term_end: int
    mrr: float
    seats: int
    is_trial: bool = False


@dataclass
class Contract:
    """The whole commercial history of one account."""

    changes: list[Change]
    lines: list[Line] = field(default_factory=list)
    service_start: int = 0

    @property
    def seat_steps(self) -> list[tuple[int, int]]:
        """(day, seats from that day on)."""
        return [(change.on, change.terms.seats) for change in self.changes]


def _grow(terms: Terms, chance: random.Random, low: float, high: float) -> Terms:
    seats = max(terms.seats + 1, round(terms.seats * chance.uniform(low, high)))
    return replace(terms, seats=seats)


def _with_add_on(terms: Terms, chance: random.Random) -> Terms:
    free = [i for i in range(len(ADD_ONS)) if i not in terms.add_ons]
    return replace(terms, add_ons=(*terms.add_ons, chance.choice(free))) if free else terms


def _purchase(
    terms: Terms, depth: float, chance: random.Random, *, expanding: bool
) -> tuple[str, Terms]:
    """What a customer decides when he looks at his contract; often nothing, and the less the
    shallower he uses the product (``depth`` 0 to 1)."""
    draw = chance.random()
    ordinary = (0.45 * depth, 0.51 * depth, 0.66 * depth)
    seats, upgrade, add_on = (0.62, 0.80, 1.0) if expanding else ordinary
    if draw < seats:
        low, high = (1.14, 1.34) if expanding else (1.05, 1.24)
        return "expand", _grow(terms, chance, low, high)
    if draw < upgrade and terms.plan < len(PLANS) - 1:
        return "upgrade", replace(terms, plan=terms.plan + 1)
    if draw < add_on:
        return "add_on", _with_add_on(terms, chance)
    return ("reduce", _shrink(terms, chance, 0.85)) if draw > 0.965 else ("", terms)


def _shrink(terms: Terms, chance: random.Random, most: float = 0.8) -> Terms:
    return replace(terms, seats=max(2, round(terms.seats * chance.uniform(0.55, most))))


def _changes(
    start: Change, cause: Cause, depth: float, onset: int, stop: int, chance: random.Random
) -> list[Change]:
    """All changes from the first day until the customer stops, or today."""
    changes = [start]
    expanding = cause is Cause.EXPANDING
    calm = cause in (Cause.STEADY, Cause.SEASONAL, Cause.EXPANDING, Cause.PRICE, Cause.MERGER)
    pause = (120, 270) if expanding else (230, 430)
    day = max(start.on + _SETTLING_DAYS, -DAYS - 100) + chance.randint(0, pause[0])
    while calm and day < min(stop - 60, 0):
        kind, terms = _purchase(changes[-1].terms, depth, chance, expanding=expanding)
        if terms != changes[-1].terms:
            changes.append(Change(day, kind, terms))
        day += chance.randint(*pause)
    reduced_on = onset + chance.randint(30, 75)
    if cause is Cause.CONTRACTING and start.on < reduced_on < 0:
        changes.append(Change(reduced_on, "reduce", _shrink(start.terms, chance)))
    return changes


def _term_ends(customers: Customers, index: int, timeline: Timeline, until: int) -> list[int]:
    """Ends of the terms that have begun by ``until``; one NEVER for a running contract."""
    months = int(customers.term_months[index])
    if months == 0:
        return [NEVER]
    ends: list[int] = []
    count = 1
    while not ends or ends[-1] < until:
        month = customers.start_month[index : index + 1] + count * months
        ends.append(int(timeline.offset_of_month(month, customers.start_day[index : index + 1])[0]))
        count += 1
    return ends


def _base_line(terms: Terms, span: tuple[int, int, int], currency: str) -> Line:
    start, end, term_end = span
    price = monthly_price(terms.plan, terms.seats, currency)
    return Line(
        product_key(terms.plan), BASE_FAMILY, False, start, end, term_end, price, terms.seats
    )


def _add_on_lines(terms: Terms, span: tuple[int, int, int], currency: str) -> list[Line]:
    start, end, term_end = span
    return [
        Line(
            ADD_ONS[add_on].key,
            ADD_ONS[add_on].key,
            True,
            start,
            end,
            term_end,
            add_on_price(add_on, terms.plan, terms.seats, currency),
            terms.seats,
        )
        for add_on in terms.add_ons
    ]


def _lines(changes: list[Change], term_ends: list[int], stop: int, currency: str) -> list[Line]:
    """Cut the history at every change and every term end. Nothing begins after today.

    ``stop`` is a known end (exclusive), or NEVER while nothing ends the service.
    """
    starts = {change.on: change.terms for change in changes}
    first = changes[0].on
    cuts = sorted({*starts, *(end for end in term_ends if end < NEVER)})
    lines: list[Line] = []
    terms = changes[0].terms
    for place, cut in enumerate(cuts):
        terms = starts.get(cut, terms)
        if cut < first or cut > 0 or cut >= stop:
            continue
        following = cuts[place + 1] if place + 1 < len(cuts) else NEVER
        term_end = next((end for end in term_ends if end > cut), NEVER)
        # A running line has no end yet: what is agreed stands in ``term_end``.
        end = min(following if following <= 0 else NEVER, stop)
        span = (cut, end, term_end)
        lines += [_base_line(terms, span, currency), *_add_on_lines(terms, span, currency)]
    return lines


def _first_terms(customers: Customers, index: int, chance: random.Random) -> Terms:
    odds = _PLAN_ODDS[int(customers.segment[index])]
    plan = chance.choices(range(len(PLANS)), weights=odds)[0]
    terms = Terms(plan, int(customers.seats[index]))
    return _with_add_on(terms, chance) if chance.random() < 0.25 else terms


def _known_stop(fates: Fates, index: int) -> int:
    """The end of service as the contract says it today: known once notice has been given."""
    known = fates.churn_on[index] <= 0 or fates.notice_on[index] < 0
    return int(fates.churn_on[index]) if known else NEVER


def draw_contract(
    customers: Customers,
    fates: Fates,
    engagement: Floats,
    timeline: Timeline,
    seed: int,
    index: int,
) -> Contract:
    """The subscription history of one account."""
    depth = float(engagement[index])
    chance = dice(seed, "contract", index)
    currency = customers.country[index].currency
    start = int(customers.start[index])
    churn, back = int(fates.churn_on[index]), int(fates.return_on[index])
    first = Change(start, "start", _first_terms(customers, index, chance))
    cause = CAUSES[int(fates.cause[index])]
    changes = _changes(first, cause, depth, int(fates.onset[index]), churn, chance)
    ends = _term_ends(customers, index, timeline, until=min(churn, 1))
    lines = _lines(changes, ends, _known_stop(fates, index), currency)
    service_start = start
    if start > -DAYS + _TRIAL_DAYS and chance.random() < _TRIAL_SHARE:
        service_start = start - _TRIAL_DAYS
        trial = replace(lines[0], start=service_start, end=start, term_end=start)
        lines.insert(0, replace(trial, mrr=0.0, is_trial=True))
    if back < 0:
        again = Change(back, "return", _shrink(changes[-1].terms, chance))
        changes.append(again)
        lines += _lines([again], [NEVER], NEVER, currency)
    return Contract(changes, lines, service_start)
