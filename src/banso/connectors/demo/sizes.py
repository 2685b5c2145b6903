"""How big a demo company is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SizeName = Literal["normal", "large"]


@dataclass(frozen=True)
class Size:
    """What differs between the small living picture and the load test.

    Attributes:
        accounts: number of customers that ever had a contract in the period.
        seat_factor: multiplies licensed seats. The large company has fewer seats per account so
            that its usage file stays near 5 million rows; no feature is left out.
        touch_factor: multiplies tickets and activities, for the same reason.
    """

    accounts: int
    seat_factor: float
    touch_factor: float


SIZES: dict[SizeName, Size] = {
    "normal": Size(accounts=400, seat_factor=1.0, touch_factor=1.0),
    "large": Size(accounts=10_000, seat_factor=0.36, touch_factor=0.5),
}
