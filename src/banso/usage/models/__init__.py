"""Tables of usage: what arrives and from whom, what was accepted, features, and what pages show."""

from banso.usage.models.batches import UsageBatch
from banso.usage.models.features import Feature
from banso.usage.models.inbox import InboxBatch, RefusedMessage
from banso.usage.models.profiles import UsageProfile
from banso.usage.models.sources import EventSource, WriteKey

__all__ = [
    "EventSource",
    "Feature",
    "InboxBatch",
    "RefusedMessage",
    "UsageBatch",
    "UsageProfile",
    "WriteKey",
]
