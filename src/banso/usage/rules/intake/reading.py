"""Turning messages into columns of events, and into what they tell about people and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
import numpy as np

from banso.usage.rules.collect.limits import KINDS
from banso.usage.rules.collect.messages import named
from banso.usage.rules.intake.messages import MOST_KEY, Message, Props, key_of
from banso.usage.rules.intake.moments import Moments, corrected, moments
from banso.usage.rules.intake.requests import Request

MOST_FEATURE = 200
#: The feature of a track call without an event name, which the door does not let in.
UNNAMED = "Unnamed"
_VIEWS = frozenset({"page", "screen"})
_GREATEST_NUMBER = 1e18
#: Track events by which the B2B SaaS specification tells about people and accounts.
B2B_EVENTS = frozenset(
    {
        "Account Created",
        "Account Deleted",
        "Account Added User",
        "Account Removed User",
        "Signed Up",
        "Trial Started",
        "Trial Ended",
    }
)
_text = msgspec.json.Decoder().decode


class Event(NamedTuple):
    """One event; ``request`` and ``position`` say where its message is to be found."""

    request: int
    position: int
    key: str
    user: str
    former: str
    group: str
    email: str
    feature: str
    value: float | None
    original: Any
    sent: Any
    received: int


@dataclass(slots=True)
class Columns:
    """Events of one source, each list in step with the others; empty text stands for "none"."""

    request: list[int]
    position: list[int]
    key: list[str]
    user: list[str]
    former: list[str]
    group: list[str]
    email: list[str]
    feature: list[str]
    value: list[float | None]
    original: list[Any]
    sent: list[Any]
    received: list[int]

    @classmethod
    def of(cls, events: Sequence[tuple[Any, ...]]) -> Columns:
        """The fields of :class:`Event`, turned into columns."""
        places = range(len(Event._fields))
        return cls(*(list(map(itemgetter(place), events)) for place in places))

    def happened(self) -> tuple[Moments, int]:
        """When the events happened, and how many had to be set to their receipt."""
        received = np.array(self.received, dtype=np.int64)
        return corrected(moments(self.original), moments(self.sent), received)


@dataclass(slots=True)
class Statement:
    """What one message says about people or groups.

    ``kind`` is identify, group, alias, or the name of a B2B SaaS event; ``facts`` are its traits
    or properties.
    """

    kind: str
    key: str
    user: str
    former: str
    group: str
    facts: dict[str, Any]
    original: Any
    sent: Any
    received: int
    #: When it happened, once that has been worked out.
    at: int = 0

    @property
    def is_event(self) -> bool:
        """Whether the same message is an event as well."""
        return self.kind in B2B_EVENTS


@dataclass
class Read:
    """What one source's requests hold; ``events`` are tuples in the order of :class:`Event`."""

    events: list[tuple[Any, ...]] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def date_statements(self) -> int:
        """Work out when the statements happened; returns how many were set to their receipt."""
        listed = self.statements
        received = np.array([one.received for one in listed], dtype=np.int64)
        original = moments([one.original for one in listed])
        happened, clamped = corrected(original, moments([one.sent for one in listed]), received)
        for one, at in zip(listed, happened.tolist(), strict=True):
            one.at = at
        return clamped


def read_requests(requests: Sequence[Request]) -> dict[int, Read]:
    """Read the messages of all requests, by source."""
    found: dict[int, Read] = {}
    for number, request in enumerate(requests):
        read = found.get(request.source_id)
        if read is None:
            read = found[request.source_id] = Read()
        _read_request(number, request, read)
    return found


def _read_request(number: int, request: Request, read: Read) -> None:
    route, received, sent = request.route, request.received, request.sent
    for position, message in enumerate(request.messages):
        if message is None:
            continue
        kind = message.type if route == "batch" else route
        kind = kind if kind in KINDS else message.old_type
        key = message.message_id
        if key.__class__ is not str or not key or key.isspace():
            key = request.key(position)
        user = _key(message.user_id, message.old_user_id)
        former = _key(message.anonymous_id, message.old_anonymous_id)
        group = _group(message, kind)
        original = message.original_timestamp
        times = (
            message.timestamp if original is None else original,
            sent if message.sent_at is None else message.sent_at,
            received,
        )
        feature = _feature(kind, message)
        if feature:
            value = None if message.properties is None else worth(message.properties)
            # A plain tuple, since making a named one takes three times as long.
            who = (number, position, key, user, former, group, _email(message))
            read.events.append((*who, feature, value, *times))
            if feature in B2B_EVENTS and kind == "track":
                facts = _facts(request, position)
                read.statements.append(Statement(feature, key, user, former, group, facts, *times))
        else:
            if kind == "alias":
                former = _key(message.previous_id, message.old_previous_id)
            facts = message.traits if message.traits.__class__ is dict else {}
            read.statements.append(Statement(kind, key, user, former, group, facts, *times))


def _key(name: Any, old: Any) -> str:
    if name.__class__ is str and len(name) <= MOST_KEY and name == name.strip():
        return str(name)
    return key_of(old) if name is None and old is not None else key_of(name)


def _group(message: Message, kind: Any) -> str:
    """The group of a message: what it says about this call first, else the group itself."""
    context = message.context
    if kind == "group" or context is None or context.group_id is None:
        own = _key(message.group_id, message.old_group_id)
        if own or context is None:
            return own
    return _key(context.group_id, None)


def _email(message: Message) -> str:
    context = message.context
    return "" if context is None or context.traits is None else named(context.traits.email)


def _feature(kind: Any, message: Message) -> str:
    """The feature of an event; empty for what is no event."""
    if kind == "track":
        event = message.event
        short = event.__class__ is str and len(event) <= MOST_FEATURE
        return (event if short else named(event)[:MOST_FEATURE]) or UNNAMED
    return page_feature(kind, message) if kind in _VIEWS else ""


def page_feature(kind: str, message: Message) -> str:
    """The feature of a page or screen call: “Page: NAME”, “Page viewed” without a name."""
    name = named(message.name) or (message.properties and named(message.properties.name)) or ""
    title = kind.capitalize()
    return f"{title}: {name}"[:MOST_FEATURE] if name else f"{title} viewed"


def worth(properties: Props) -> float | None:
    """The value of an event: the first of value, revenue and total that is a usable number."""
    for value in (properties.value, properties.revenue, properties.total):
        is_number = value.__class__ is float or value.__class__ is int
        if is_number and -_GREATEST_NUMBER <= value <= _GREATEST_NUMBER:
            return float(value)
    return None


def _facts(request: Request, position: int) -> dict[str, Any]:
    read = _text(request.texts[position])
    facts = read.get("properties")
    return facts if isinstance(facts, dict) else {}
