"""When a message happened, and on which business day.

Moments are whole microseconds since 1970 (UTC) in int64; ``NONE`` stands for an unknown one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Moments = NDArray[np.int64]
NONE = np.iinfo(np.int64).min
SECOND = 1_000_000
DAY = 86_400 * SECOND
#: Zones change their offset only at full quarters of an hour.
_QUARTER = 900 * SECOND
_LAST = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()) * SECOND
#: Numbers below are seconds since 1970, below the second milliseconds, above it microseconds.
_MILLIS_FROM, _MICROS_FROM = 10**11, 10**14
_STAMP = pa.timestamp("us", tz="UTC")


def moments(values: Sequence[Any]) -> Moments:
    """The moments that senders wrote, as text or as a number; ``NONE`` for what cannot be read."""
    try:
        column = pa.array(values, pa.string()).cast(_STAMP).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return np.array([moment(value) for value in values], dtype=np.int64)
    read: Moments = column.fill_null(NONE).to_numpy(zero_copy_only=False)
    return np.where((read < 0) | (read > _LAST), NONE, read)


def moment(value: Any) -> int:
    """One moment: ISO 8601 text, or seconds, milliseconds or microseconds since 1970.

    Text without a zone is UTC. ``NONE`` for anything else, and for times before 1970.
    """
    try:
        read = _from_text(value) if isinstance(value, str) else _from_number(value)
    except (ValueError, OverflowError, TypeError):
        return NONE
    return read if 0 <= read <= _LAST else NONE


def corrected(original: Moments, sent: Moments, received: Moments) -> tuple[Moments, int]:
    """When messages happened by our clock: received − (sent − original).

    Without a sent time the original counts, without an original the receipt. What would lie more
    than a day after the receipt, or before 1970, becomes the receipt.

    Returns:
        The moments, and how many were set to their receipt although they gave a time.
    """
    told = original != NONE
    skewed = told & (sent != NONE)
    happened = np.where(told, original, received)
    happened[skewed] = received[skewed] - (sent[skewed] - original[skewed])
    beyond = (happened > received + DAY) | (happened < 0)
    return np.where(beyond, received, happened), int(beyond.sum())


def days(happened: Moments, zone: ZoneInfo) -> NDArray[np.int32]:
    """Days since 1970 in the zone, as Arrow's ``date32`` counts them."""
    quarters, place = np.unique(happened // _QUARTER, return_inverse=True)
    offsets = np.array([_offset(int(quarter), zone) for quarter in quarters], dtype=np.int64)
    return ((happened + offsets[place]) // DAY).astype(np.int32)


def _offset(quarter: int, zone: ZoneInfo) -> int:
    ahead = datetime.fromtimestamp(quarter * _QUARTER // SECOND, zone).utcoffset()
    return int(ahead.total_seconds()) * SECOND if ahead else 0


def _from_text(text: str) -> int:
    if text.replace(".", "", 1).isdecimal():
        return _from_number(float(text))
    read = datetime.fromisoformat(text)
    read = read if read.tzinfo else read.replace(tzinfo=UTC)
    whole = read.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * SECOND + read.microsecond


def _from_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NONE
    if value < _MILLIS_FROM:
        return int(value * SECOND)
    return int(value * 1000) if value < _MICROS_FROM else int(value)
