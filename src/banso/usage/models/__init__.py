"""Tables of usage: what arrives and from whom, what was accepted, features, and what pages show."""

from banso.usage.models.arrivals import ArrivalMinute, RecentArrivals
from banso.usage.models.batches import UsageBatch
from banso.usage.models.erased import ErasedKey
from banso.usage.models.features import Feature
from banso.usage.models.inbox import InboxBatch, RefusedMessage
from banso.usage.models.people import KnownAs, KnownGroup, Membership, Person
from banso.usage.models.profiles import UsageProfile
from banso.usage.models.sources import EventSource, WriteKey
from banso.usage.models.unmatched import HeldMessages, MatchRule, UnmatchedParty

__all__ = [
    "ArrivalMinute",
    "ErasedKey",
    "EventSource",
    "Feature",
    "HeldMessages",
    "InboxBatch",
    "KnownAs",
    "KnownGroup",
    "MatchRule",
    "Membership",
    "Person",
    "RecentArrivals",
    "RefusedMessage",
    "UnmatchedParty",
    "UsageBatch",
    "UsageProfile",
    "WriteKey",
]
