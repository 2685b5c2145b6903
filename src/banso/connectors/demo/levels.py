"""How lively each account is on each day, relative to its own normal, before the calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import Cause, Fates
from banso.connectors.demo.timeline import DAYS, Floats, Ints

Matrix = npt.NDArray[np.float32]

_RAMP_DAYS = 35
"""Days in which a roll-out reaches half of its level."""

_DAILY_OFFSETS = np.arange(-DAYS, 0)
_USUAL_SWING = 0.05
_SEASONAL_SWING = 0.42
"""Seasonal businesses fall to about 40 % of their peak, every year, without being at risk."""


def _progress(start: Ints, length: Ints) -> Floats:
    """Progress from 0 to 1 of something that begins at ``start``, per account and day."""
    elapsed = _DAILY_OFFSETS[None, :] - start[:, None]
    return np.clip(elapsed / np.maximum(length, 1)[:, None], 0.0, 1.0)


def _onboarding(start: Ints, failed: npt.NDArray[np.bool_]) -> Floats:
    """A logistic roll-out; where it fails, a short try that fades within four months."""
    age = (_DAILY_OFFSETS[None, :] - start[:, None]).astype(float)
    grown = 1 / (1 + np.exp(-(age - _RAMP_DAYS * 0.5) / (_RAMP_DAYS / 4)))
    rolled_out = 0.12 + 0.88 * grown
    faded = 0.06 + 0.32 * np.exp(-np.maximum(age - 20, 0) / 55)
    return np.where(failed[:, None], faded, rolled_out)


def _wave(days: list[date], peaks: Ints, swing: Floats) -> Floats:
    year_day = np.array([day.timetuple().tm_yday for day in days])
    phase = 2 * np.pi * (year_day[None, :] - (peaks[:, None] * 30.4 - 15)) / 365.25
    return np.asarray(1 + swing[:, None] * np.cos(phase), dtype=np.float64)


def _noise(count: int, rng: np.random.Generator) -> Floats:
    """Weekly ups and downs, and a slow drift that returns to the mean."""
    weeks = DAYS // 7 + 1
    shocks = rng.normal(0, 1, (count, weeks))
    drift = np.zeros((count, weeks))
    for week in range(1, weeks):
        drift[:, week] = 0.93 * drift[:, week - 1] + 0.035 * shocks[:, week]
    weekly = np.exp(drift + rng.normal(0, 0.07, (count, weeks)))
    return np.repeat(weekly, 7, axis=1)[:, :DAYS]


def account_levels(
    customers: Customers,
    fates: Fates,
    engagement: Floats,
    accounts: Ints,
    days: list[date],
    rng: np.random.Generator,
) -> Matrix:
    """Accounts × days, 1.0 = the normal of a well-run account."""

    def has(*causes: Cause) -> npt.NDArray[np.bool_]:
        return fates.is_cause(*causes)[accounts]

    peaks = np.array([customers.industry[index].peak_month for index in accounts])
    level = _wave(days, peaks, np.where(has(Cause.SEASONAL), _SEASONAL_SWING, _USUAL_SWING))
    level *= _noise(len(accounts), rng)
    level *= _onboarding(customers.start[accounts], has(Cause.FAILED_ONBOARDING))
    fallen = _progress(fates.onset[accounts], fates.decline_days[accounts])
    fallen -= _progress(fates.recover_on[accounts], fates.decline_days[accounts])
    level *= 1 - fallen * (1 - fates.floor[accounts])[:, None]
    growth = np.where(has(Cause.EXPANDING), 0.30, 0.03)
    level *= 1 + growth[:, None] * (_DAILY_OFFSETS / DAYS + 0.5)[None, :]
    level *= np.where(has(Cause.SILENT), 0.08, 0.07 + 1.18 * engagement[accounts])[:, None]
    return level.astype(np.float32)
