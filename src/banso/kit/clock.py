"""The one place that knows what time it is.

Time is UTC inside; a day belongs to a zone. Code that needs "now" asks here, so that a test or a
replay can set the clock with :func:`at` instead of patching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo


def _system_now() -> datetime:
    return datetime.now(UTC)


_now: ContextVar[Callable[[], datetime]] = ContextVar("banso_clock", default=_system_now)


def now() -> datetime:
    """The present moment, in UTC."""
    return _now.get()()


def today(zone: str) -> date:
    """The present calendar day in an IANA time zone such as ``Asia/Tokyo``."""
    return now().astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which a calendar day begins in a zone."""
    return datetime.combine(day, time(), zone)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop the clock at a moment (with a zone) for the duration of the block."""
    if moment.tzinfo is None:
        raise ValueError("The clock needs a moment with a time zone.")
    token = _now.set(lambda: moment.astimezone(UTC))
    try:
        yield
    finally:
        _now.reset(token)
