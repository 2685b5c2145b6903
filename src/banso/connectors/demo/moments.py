"""Times of day in the demo company's office, and how they are written."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from banso.connectors.demo.timeline import Timeline

MINUTES_A_DAY = 24 * 60
_OFFICE = timezone(timedelta(hours=9))


def office_minute(day: int, timeline: Timeline, chance: random.Random) -> int:
    """A minute in office hours of a day, moved from a weekend to the Friday before.

    Returns:
        Minutes from today's midnight in Japan; always negative for days before today.
    """
    weekday = timeline.day(day).weekday()
    return (day - max(weekday - 4, 0)) * MINUTES_A_DAY + chance.randint(9 * 60, 18 * 60)


def written(minute: int, timeline: Timeline) -> str:
    """ISO 8601 with the offset of Japan."""
    midnight = datetime(
        timeline.today.year, timeline.today.month, timeline.today.day, tzinfo=_OFFICE
    )
    return (midnight + timedelta(minutes=minute)).isoformat()
