"""From an event that arrived to the score that people see, within a second."""

from banso.health.services.live.cycle import LiveCycle, take_in_everything
from banso.health.services.live.loop import LiveLoop

__all__ = ["LiveCycle", "LiveLoop", "take_in_everything"]
