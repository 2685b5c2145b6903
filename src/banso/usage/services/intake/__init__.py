"""From the inbox to usage rows, people and accounts."""

from banso.usage.rules.intake.seen import SeenKeys, digests
from banso.usage.services.intake.drain import Drained, drain_inbox

__all__ = ["Drained", "SeenKeys", "digests", "drain_inbox"]
