"""How a month of one account's scores is kept: a small compressed array.

The payload is zlib over little-endian float32 in the order (rows, days of the month). The rows are
score, coverage, the value of each measure, then the points of each measure, measures in the order
of the scorecard version. NaN stands for "none"; on a day that the version did not judge, coverage
is NaN too. The score comes first so that it can be read without unpacking the rest.
"""

from __future__ import annotations

import zlib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Cells: TypeAlias = NDArray[np.float32]
#: Fast and nearly as small as the best: most of the rows repeat from day to day.
LEVEL = 1
_CELL = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class MonthScores:
    """A month as arrays over its days; ``values`` and ``points`` have a row per measure."""

    score: Floats
    coverage: Floats
    values: Floats
    points: Floats


def first_of_month(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def days_in(month: date) -> int:
    """The number of days of the month in which a day lies."""
    return monthrange(month.year, month.month)[1]


def months_between(start: date, end: date) -> Iterator[date]:
    """First days of the months from the one of ``start`` to the one of ``end``."""
    month = first_of_month(start)
    while month <= end:
        yield month
        month += timedelta(days=days_in(month))


def narrow(rows: Floats) -> Cells:
    """Rows × days as they are kept; any number of months, the rows on the last axis but one."""
    cells = rows.astype(_CELL)
    cells[..., 0, :] = floored(rows[..., 0, :])
    return cells


def pack(cells: Cells) -> bytes:
    """The payload of one month's rows × days."""
    return zlib.compress(cells.tobytes(), LEVEL)


def floored(scores: Floats) -> Cells:
    """Scores as float32, never rounded up: 69.9999999 must not become a healthy 70."""
    narrow = scores.astype(np.float32)
    return np.where(narrow > scores, np.nextafter(narrow, np.float32(-1)), narrow)


def unpack(payload: bytes, days: int) -> MonthScores:
    """Read a payload of a month with so many days."""
    rows = np.frombuffer(zlib.decompress(payload), dtype=_CELL).reshape(-1, days)
    cells = rows.astype(np.float64)
    measures = (len(cells) - 2) // 2
    return MonthScores(cells[0], cells[1], cells[2 : 2 + measures], cells[2 + measures :])


def unpack_scores(payload: bytes, days: int) -> tuple[Floats, Floats]:
    """Only score and coverage of a payload."""
    head = zlib.decompressobj().decompress(payload, 2 * days * _CELL.itemsize)
    rows = np.frombuffer(head, dtype=_CELL).reshape(2, days).astype(np.float64)
    return rows[0], rows[1]
