"""On which days an account is a customer, and so is scored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Span = tuple[date, date | None]


def customer_days(
    spans: Sequence[Span], first_use: date | None, start: date, days: int
) -> NDArray[np.bool_]:
    """Which of the ``days`` days from ``start`` count as days of a customer.

    Those on which a subscription line holds; and, as long as no line has begun, those since the
    first use: a company may load usage and no contracts.

    Args:
        spans: first day and day after the last (None = open) of every line.
    """
    mask = np.zeros(days, dtype=bool)
    if first_use is not None:
        first_line = min((begin for begin, _end in spans), default=None)
        mask[_at(first_use, start, days) : _at(first_line, start, days)] = True
    for begin, end in spans:
        mask[_at(begin, start, days) : _at(end, start, days)] = True
    return mask


def is_customer(spans: Sequence[Span], first_use: date | None, day: date) -> bool:
    """Whether the account counts as a customer on the day."""
    if has_service(spans, day):
        return True
    before_lines = all(day < begin for begin, _end in spans)
    return before_lines and first_use is not None and first_use <= day


def has_left(spans: Sequence[Span], day: date) -> bool:
    """Whether every line has ended by the day and none is still to begin."""
    return bool(spans) and all(end is not None and end <= day for _begin, end in spans)


def has_service(spans: Sequence[Span], day: date) -> bool:
    """Whether a line holds on the day."""
    return any(begin <= day and (end is None or day < end) for begin, end in spans)


def _at(day: date | None, start: date, days: int) -> int:
    offset = days if day is None else (day - start) // timedelta(days=1)
    return min(max(offset, 0), days)
