"""The hidden truth: what happens inside each customer, when, and how it ends.

Numbers of churners are drawn as quotas, not by chance per account: a demo of 400 accounts would
otherwise show churn anywhere between 6 % and 15 % a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from banso.connectors.demo.customers import ENTERPRISE, Customers
from banso.connectors.demo.randomness import stream
from banso.connectors.demo.timeline import DAYS, NEVER, Bools, Floats, Ints, Timeline


class Cause(StrEnum):
    """What drives an account. The first four can be seen before the end, the next four cannot."""

    CHAMPION_LEFT = "champion_left"
    SLOW_DISENGAGEMENT = "slow_disengagement"
    FAILED_ONBOARDING = "failed_onboarding"
    SUPPORT_CRISIS = "support_crisis"
    PRICE = "price"
    COMPETITOR = "competitor"
    MERGER = "merger"
    BANKRUPTCY = "bankruptcy"
    STEADY = "steady"
    EXPANDING = "expanding"
    SEASONAL = "seasonal"
    SILENT = "silent"
    RECOVERED = "recovered"
    CONTRACTING = "contracting"


CAUSES = tuple(Cause)
CODE = {cause: code for code, cause in enumerate(CAUSES)}
VISIBLE = frozenset(CAUSES[:4])
"""Causes that usage or tickets show weeks before the end."""

YEARLY_CHURN = 0.105
"""Share of the opening customers lost per year through the quotas; failed onboarding of brand-new
customers adds about half a point."""

_FUTURE_DAYS = 182
"""How far ahead fates are known, so that trouble that is not over yet can be seen today."""

_CHURN_PERIODS = (
    (-DAYS, -365, YEARLY_CHURN),
    (-365, 0, YEARLY_CHURN),
    # The half year ahead is a little worse, so that there is something to do in the demo.
    (0, _FUTURE_DAYS, YEARLY_CHURN * 0.75),
)
_SEGMENT_RISK = np.array([1.3, 0.85, 0.35])
_CHURN_CAUSES = (0.30, 0.21, 0.02, 0.12, 0.12, 0.11, 0.07, 0.05)
_SURVIVOR_CAUSES = (0.50, 0.20, 0.07, 0.09, 0.09, 0.05)
_YOUNG = 430
"""A customer lost within this many days may have failed in onboarding."""

_FAILED_WHEN_YOUNG = 0.6
_QUICK_FAILURES = 0.035
_RETURN_SHARE = 0.12


@dataclass(frozen=True)
class Fates:
    """Per account: cause, and the offsets of what happens. ``NEVER`` where it does not happen.

    ``onset`` is when the trouble (or growth) begins; ``decline_days`` how long usage takes to
    fall to ``floor`` (share of the level before); ``recover_on`` when it starts to come back;
    ``notice_on`` when the customer says that he leaves; ``churn_on`` the first day without
    service; ``return_on`` when he comes back.
    """

    cause: Ints
    churn_on: Ints
    notice_on: Ints
    onset: Ints
    decline_days: Ints
    floor: Floats
    recover_on: Ints
    return_on: Ints

    def is_cause(self, *causes: Cause) -> Bools:
        """Which accounts have one of the causes."""
        return np.isin(self.cause, [CODE[cause] for cause in causes])


def _next_term_end(customers: Customers, timeline: Timeline, begin: int, end: int) -> Ints:
    """For fixed terms, the first term end in (begin, end]; NEVER if there is none."""
    term = np.maximum(customers.term_months, 1)
    found = np.full(len(customers), NEVER, dtype=np.int64)
    first = (timeline.month_of_offset(np.array([begin]))[0] - customers.start_month) // term
    for step in (2, 1, 0):
        count = np.maximum(first + step, 1)
        ends = timeline.offset_of_month(customers.start_month + count * term, customers.start_day)
        found = np.where((ends > begin) & (ends <= end), ends, found)
    return found


def _month_end(
    customers: Customers, timeline: Timeline, begin: int, end: int, rng: np.random.Generator
) -> Ints:
    """For running contracts, a random month's end in (begin, end], after five months at least."""
    drawn = rng.integers(begin + 1, end + 1, len(customers))
    month = timeline.month_of_offset(drawn)
    day = timeline.offset_of_month(month, customers.start_day)
    fits = (day > begin) & (day <= end) & (month >= customers.start_month + 5)
    return np.where(fits, day, NEVER)


def _draw_churn(customers: Customers, timeline: Timeline, rng: np.random.Generator) -> Ints:
    churn_on = np.full(len(customers), NEVER, dtype=np.int64)
    for begin, end, rate in _CHURN_PERIODS:
        opening = (customers.start <= begin) & (churn_on > begin)
        candidate = np.where(
            customers.term_months > 0,
            _next_term_end(customers, timeline, begin, end),
            _month_end(customers, timeline, begin, end, rng),
        )
        risk = _SEGMENT_RISK[customers.segment]
        # Fixed terms come up for decision once, running contracts every month: without this,
        # those with a term ending in the period would be lost twice as often.
        risk = risk * np.where(customers.term_months > 0, 0.6, 1.0)
        key = rng.exponential(size=len(customers)) / risk
        key = np.where(opening & (candidate < NEVER), key, np.inf)
        chosen = np.argsort(key, kind="stable")[: round(rate * int(opening.sum()))]
        chosen = chosen[np.isfinite(key[chosen])]
        churn_on[chosen] = candidate[chosen]
    return churn_on


def _add_quick_failures(
    customers: Customers, churn_on: Ints, timeline: Timeline, rng: np.random.Generator
) -> Ints:
    """New customers on running contracts who give up after five to eight months."""
    new = (customers.start >= -DAYS) & (churn_on == NEVER) & (customers.term_months == 0)
    months = customers.start_month + rng.integers(5, 9, len(customers))
    ends = timeline.offset_of_month(months, customers.start_day)
    key = np.where(new & (ends < _FUTURE_DAYS), rng.random(len(customers)), np.inf)
    quota = round(_QUICK_FAILURES * int((customers.start >= -DAYS).sum()))
    chosen = np.argsort(key, kind="stable")[:quota]
    chosen = chosen[np.isfinite(key[chosen])]
    result = churn_on.copy()
    result[chosen] = ends[chosen]
    return result


def _shuffled_quota(shares: tuple[float, ...], count: int, rng: np.random.Generator) -> Ints:
    """Indices into ``shares``, in exact proportion and random order."""
    edges = np.cumsum(shares) / np.sum(shares)
    points = (np.arange(count) + rng.random()) / max(count, 1)
    picks = np.minimum(np.searchsorted(edges, points), len(shares) - 1)
    return np.asarray(rng.permutation(picks), dtype=np.int64)


def _draw_causes(customers: Customers, churn_on: Ints, rng: np.random.Generator) -> Ints:
    lost = churn_on < NEVER
    cause = np.empty(len(customers), dtype=np.int64)
    cause[lost] = _shuffled_quota(_CHURN_CAUSES, int(lost.sum()), rng)
    survivors = _shuffled_quota(_SURVIVOR_CAUSES, int((~lost).sum()), rng)
    cause[~lost] = survivors + CODE[Cause.STEADY]
    known_start = customers.start >= -DAYS - 60
    young = lost & (churn_on - customers.start < _YOUNG) & known_start
    cause[young & (rng.random(len(cause)) < _FAILED_WHEN_YOUNG)] = CODE[Cause.FAILED_ONBOARDING]
    failed = cause == CODE[Cause.FAILED_ONBOARDING]
    # Nobody fails in onboarding years later: such an account drifted away instead.
    cause[failed & ~young] = CODE[Cause.SLOW_DISENGAGEMENT]
    # A customer that shrinks, grows or falls silent needs time for it.
    fresh = ~lost & (customers.start > -150)
    cause[fresh & (rng.random(len(cause)) < 0.9)] = CODE[Cause.STEADY]
    return cause


def _returns(churn_on: Ints, cause: Ints, rng: np.random.Generator) -> Ints:
    """A few who left for price or by drifting come back after four to nine months."""
    back = churn_on + rng.integers(120, 270, len(churn_on))
    willing = np.isin(cause, [CODE[Cause.PRICE], CODE[Cause.COMPETITOR], CODE[Cause.CHAMPION_LEFT]])
    possible = willing & (back < -40)
    key = np.where(possible, rng.random(len(churn_on)), np.inf)
    quota = round(_RETURN_SHARE * int(possible.sum()))
    chosen = np.argsort(key, kind="stable")[:quota]
    result = np.full(len(churn_on), NEVER, dtype=np.int64)
    result[chosen] = back[chosen]
    return result


def draw_fates(customers: Customers, timeline: Timeline, seed: int) -> Fates:
    """Decide what becomes of every account."""
    rng = stream(seed, "fates")
    count = len(customers)
    churn_on = _draw_churn(customers, timeline, rng)
    churn_on = _add_quick_failures(customers, churn_on, timeline, rng)
    cause = _draw_causes(customers, churn_on, rng)
    lead = _lead_days(cause, customers, rng)
    onset = np.where(churn_on < NEVER, churn_on - lead, -rng.integers(20, DAYS - 60, count))
    # Rescues and reductions of this quarter are what a CSM looks at: half of them are recent.
    recent = (rng.random(count) < 0.5) & (churn_on == NEVER)
    onset = np.where(recent, -rng.integers(30, 115, count), onset)
    onset = np.maximum(onset, customers.start + 5)
    decline, floor = _decline(cause, rng)
    notice = churn_on - np.where(
        customers.term_months > 0, rng.integers(32, 75, count), rng.integers(12, 40, count)
    )
    recovered = cause == CODE[Cause.RECOVERED]
    return Fates(
        cause=cause,
        churn_on=churn_on,
        notice_on=np.where(churn_on < NEVER, notice, NEVER),
        onset=onset,
        decline_days=decline,
        floor=floor,
        recover_on=np.where(recovered, onset + decline + rng.integers(25, 70, count), NEVER),
        return_on=_returns(churn_on, cause, rng),
    )


def _lead_days(cause: Ints, customers: Customers, rng: np.random.Generator) -> Ints:
    """Days between the hidden event and the end; longer where a term has to run out."""
    ranges = {
        Cause.CHAMPION_LEFT: (130, 210),
        Cause.SLOW_DISENGAGEMENT: (170, 300),
        Cause.SUPPORT_CRISIS: (80, 140),
        Cause.FAILED_ONBOARDING: (400, 500),
    }
    lead = rng.integers(40, 90, len(cause))
    for kind, (low, high) in ranges.items():
        lead = np.where(cause == CODE[kind], rng.integers(low, high, len(cause)), lead)
    return lead + np.where((customers.segment == ENTERPRISE), 30, 0)


def _decline(cause: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Days that usage takes to fall, and the share of it that is left."""
    count = len(cause)
    days = rng.integers(42, 71, count)
    floor = np.ones(count)
    table = {
        Cause.CHAMPION_LEFT: (0.04, 0.16),
        Cause.SUPPORT_CRISIS: (0.30, 0.55),
        Cause.RECOVERED: (0.10, 0.32),
        Cause.CONTRACTING: (0.55, 0.75),
        Cause.SLOW_DISENGAGEMENT: (0.35, 0.55),
    }
    for kind, (low, high) in table.items():
        floor = np.where(cause == CODE[kind], rng.uniform(low, high, count), floor)
    slow = cause == CODE[Cause.SLOW_DISENGAGEMENT]
    return np.where(slow, rng.integers(120, 200, count), days), floor
