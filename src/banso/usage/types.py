"""Plain values about usage: the columns of batches, and an account's usage as pages show it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

#: Columns of a batch of single events. ``day`` is the business day in the company's zone.
RAW_COLUMNS: dict[str, pa.DataType] = {
    "source": pa.string(),
    "message_key": pa.string(),
    "account_id": pa.int64(),
    "user_key": pa.string(),
    "ts": pa.timestamp("us"),
    "day": pa.date32(),
    "feature": pa.string(),
    "value": pa.float64(),
}
#: Columns of a batch of rows that the sender has already counted per day.
COUNTED_COLUMNS: dict[str, pa.DataType] = {
    "source": pa.string(),
    "row_key": pa.string(),
    "account_id": pa.int64(),
    "user_key": pa.string(),
    "day": pa.date32(),
    "feature": pa.string(),
    "events": pa.int64(),
    "users": pa.int64(),
    "value": pa.float64(),
}
#: Columns of a batch of events of long ago, counted per user, day and feature.
DAILY_COLUMNS: dict[str, pa.DataType] = {
    name: kind for name, kind in COUNTED_COLUMNS.items() if name != "users"
}
BatchKind = Literal["raw", "counted", "live", "daily"]
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "raw": RAW_COLUMNS,
    "counted": COUNTED_COLUMNS,
    "live": RAW_COLUMNS,
    "daily": DAILY_COLUMNS,
}
#: Columns in which a cell may be empty.
OPTIONAL = frozenset({"user_key", "users", "value"})

#: Why a message of the collection API goes to quarantine.
REFUSALS: dict[str, str] = {
    "message-too-large": "The message is larger than 32 KB.",
    "too-deep": "The message is nested more than 32 levels deep.",
    "not-finite": "A number is NaN or infinite.",
    "number-too-large": "An integer does not fit into 64 bits.",
    "nul-character": "A text holds a NUL character.",
    "half-character": "A text holds half a character, or is no UTF-8.",
    "not-an-object": "The message is no JSON object.",
    "wrong-type": "A field holds another type of value than the protocol says.",
    "unknown-type": "The type is none of track, identify, group, page, screen and alias.",
    "no-event": "A track message does not name its event.",
    "no-group": "A group message has no groupId.",
    "no-alias": "An alias message needs previousId and userId.",
    "nobody": "There is neither userId nor anonymousId, and no group.",
    "message-id-too-long": "The messageId has 100 characters or more.",
}

#: How much usage a profile holds: 13 months, so that a month can be held against last year's.
PROFILE_DAYS = 396
#: Users in the week matrix; of more, those with the most events.
PROFILE_USERS = 200
WEEK = timedelta(days=7)
_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class UserWeeks:
    """One person's events per week, in step with :attr:`Profile.first_week`."""

    user_key: str
    last_day: date
    events: list[int]


@dataclass(frozen=True, slots=True)
class FeatureUse:
    """One line of the feature table: events of 28 days and of the 28 before."""

    feature: str
    now: int
    before: int
    last_day: date | None

    @property
    def change(self) -> float | None:
        """Relative change, None from zero."""
        return (self.now - self.before) / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Profile:
    """An account's usage of the last 13 months; all lists start at ``first_day``.

    Lists end where nothing follows: what is beyond is zero. ``users`` is the greater of exact
    distinct users and of the daily counts that the sender gave. ``user_weeks`` holds at most 200
    people, the most active first; ``users_seen`` counts all of them.
    """

    first_day: date
    last_day: date | None
    events: list[int]
    users: list[int]
    features: Mapping[str, list[int]]
    first_week: date
    user_weeks: list[UserWeeks]
    users_seen: int

    def on(self, values: list[int], first: date, last: date) -> list[int]:
        """The part of a daily list from ``first`` to ``last``, zeros where nothing is kept."""
        start, end = (first - self.first_day).days, (last - self.first_day).days + 1
        kept = values[max(start, 0) : max(end, 0)]
        ahead = [0] * min(max(-start, 0), max(end - start, 0))
        return ahead + kept + [0] * (end - start - len(ahead) - len(kept))

    def feature_table(self, as_of: date) -> list[FeatureUse]:
        """Features by use in the 28 days up to ``as_of``, the most used first."""
        found = [self._use(name, days, as_of) for name, days in self.features.items()]
        return sorted(found, key=lambda use: (-use.now, -use.before, use.feature))

    def _use(self, feature: str, days: list[int], as_of: date) -> FeatureUse:
        split = as_of - timedelta(days=28)
        now = sum(self.on(days, split + timedelta(days=1), as_of))
        before = sum(self.on(days, split - timedelta(days=27), split))
        until = days[: (as_of - self.first_day).days + 1]
        last = next((i for i in range(len(until) - 1, -1, -1) if until[i]), None)
        day = None if last is None else self.first_day + timedelta(days=last)
        return FeatureUse(feature, now, before, day)

    def to_bytes(self) -> bytes:
        """Zlib-compressed JSON; :meth:`from_bytes` is the inverse."""
        data = {
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "events": self.events,
            "users": self.users,
            "features": dict(self.features),
            "first_week": self.first_week.isoformat(),
            "user_weeks": [
                [user.user_key, user.last_day.isoformat(), user.events] for user in self.user_weeks
            ],
            "users_seen": self.users_seen,
        }
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return zlib.compress(text.encode(), _COMPRESSION)

    @classmethod
    def from_bytes(cls, payload: bytes) -> Profile:
        """Read what :meth:`to_bytes` wrote."""
        data: dict[str, Any] = json.loads(zlib.decompress(payload))
        day = date.fromisoformat
        return cls(
            first_day=day(data["first_day"]),
            last_day=day(data["last_day"]) if data["last_day"] else None,
            events=data["events"],
            users=data["users"],
            features=data["features"],
            first_week=day(data["first_week"]),
            user_weeks=[UserWeeks(key, day(last), row) for key, last, row in data["user_weeks"]],
            users_seen=data["users_seen"],
        )


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """A batch without its payload."""

    id: int
    kind: BatchKind


@dataclass(frozen=True, slots=True)
class StaleBatch:
    """A batch that was changed at a moment, and from when on whose judgement that changes."""

    id: int
    at: datetime
    accounts: tuple[int, ...]
    first_day: date | None
