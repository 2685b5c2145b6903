"""What the worker counts and times of live events."""

from __future__ import annotations

from banso.usage.services.intake import Drained
from banso.workspace.services import gauges

_STAGES = gauges.timer(
    "banso_live_stage_seconds", "How long the stages of a round of live work take", ["stage"]
)
DRAIN, LOAD, JUDGE, PAST, PUBLISH = (
    _STAGES.labels(stage) for stage in ("drain", "load", "judge", "past", "publish")
)
_MESSAGES = gauges.counter(
    "banso_live_messages_total",
    "Messages taken from the inbox, by what became of them",
    ["outcome"],
)
_JUDGED = gauges.counter("banso_live_judged_total", "Accounts judged by live events")
#: Name of the outcome to the figure of the drain.
_OUTCOMES = {"kept": "rows", "repeated": "duplicates", "held": "held", "refused": "refused"}


def count_drained(drained: Drained) -> None:
    """A drain, with what became of its messages."""
    for outcome, figure in _OUTCOMES.items():
        if count := getattr(drained, figure):
            _MESSAGES.labels(outcome).inc(count)


def count_judged(accounts: int) -> None:
    """Accounts that were judged in a round."""
    _JUDGED.inc(accounts)
