"""Days counted from today: −730 is the first day with usage, −1 (yesterday) the last.

Today itself stays empty because a day that is not over would look like a fall in usage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

DAYS = 730
"""Length of the recorded history: 24 months."""

NEVER = 10**6
"""An offset that lies after everything."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Timeline:
    """Turns offsets in days from today into dates, and months into offsets."""

    today: date

    @property
    def today_number(self) -> int:
        """Days from 1970-01-01 to today."""
        return (self.today - _EPOCH).days

    def day(self, offset: int) -> date:
        """The calendar day at an offset."""
        return self.today + timedelta(days=int(offset))

    def iso(self, offset: int) -> str:
        """The calendar day at an offset, as YYYY-MM-DD; empty for never."""
        return "" if offset >= NEVER else self.day(offset).isoformat()

    def offset_of_month(self, months: Ints, day_of_month: Ints) -> Ints:
        """Offsets of a day (1–28) in months counted from January 1970."""
        first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        return np.asarray(first + day_of_month - 1 - self.today_number, dtype=np.int64)

    def month_of_offset(self, offsets: Ints) -> Ints:
        """Months from January 1970 in which the offsets lie."""
        days = (offsets + self.today_number).astype("datetime64[D]")
        return np.asarray(days.astype("datetime64[M]").astype(np.int64), dtype=np.int64)

    def calendar(self) -> list[date]:
        """The recorded days in order, one per column of a usage matrix."""
        return [self.day(offset) for offset in range(-DAYS, 0)]
