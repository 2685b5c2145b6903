"""The life of a signal, decided one day at a time.

A signal opens when its rule holds and closes by itself when it no longer does. Snoozed, it keeps
quiet until its date, even when the rule lets go and holds again in between; on that date it comes
back or closes. Resolved by a person, the rule keeps quiet for as long as it goes on holding, so
that what somebody has dealt with is not raised again the next morning.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from banso.health.types import SignalStatus


class Decision(StrEnum):
    """What happens to the signal of one account and rule."""

    NOTHING = "nothing"
    OPEN = "open"
    UPDATE = "update"
    CLEAR = "clear"
    STAY_SNOOZED = "stay_snoozed"
    REFIRE = "refire"
    STAY_RESOLVED = "stay_resolved"
    #: A resolved signal whose rule let go: the next match opens a new one.
    REARM = "rearm"


@dataclass(frozen=True, slots=True)
class SignalState:
    """The latest signal of an account and rule.

    Attributes:
        since: the first day of the match that opened it.
        last_seen_on: the last day on which the rule was seen to hold.
        snoozed_until: the first day on which it may come back.
        still_holds: whether the rule held when last looked at.
    """

    status: SignalStatus
    since: date
    last_seen_on: date
    snoozed_until: date | None = None
    still_holds: bool = True


@dataclass(frozen=True, slots=True)
class Transition:
    """The decision, and the signal after it; ``state`` None: there is none."""

    decision: Decision
    state: SignalState | None


def transition(existing: SignalState | None, matched: bool, today: date) -> Transition:
    """What becomes of the latest signal of one account and rule; asking twice changes nothing.

    Args:
        existing: the live signal, else the latest one that was closed, else None.
    """
    if existing is None or existing.status == SignalStatus.CLEARED:
        return _closed(existing, matched, today)
    if existing.status == SignalStatus.RESOLVED:
        return _resolved(existing, matched, today)
    if existing.status == SignalStatus.SNOOZED:
        return _snoozed(existing, matched, today)
    return _open(existing, matched, today)


def _closed(existing: SignalState | None, matched: bool, today: date) -> Transition:
    if not matched:
        return Transition(Decision.NOTHING, existing)
    return Transition(Decision.OPEN, SignalState(SignalStatus.OPEN, today, today))


def _resolved(existing: SignalState, matched: bool, today: date) -> Transition:
    if not existing.still_holds:
        return _closed(existing, matched, today)
    if matched:
        return Transition(Decision.STAY_RESOLVED, existing)
    return Transition(Decision.REARM, replace(existing, still_holds=False))


def _open(existing: SignalState, matched: bool, today: date) -> Transition:
    if matched:
        return Transition(Decision.UPDATE, replace(existing, last_seen_on=today, still_holds=True))
    return Transition(Decision.CLEAR, _cleared(existing))


def _snoozed(existing: SignalState, matched: bool, today: date) -> Transition:
    asleep = existing.snoozed_until is not None and today < existing.snoozed_until
    seen = today if matched else existing.last_seen_on
    after = replace(existing, last_seen_on=seen, still_holds=matched)
    if asleep:
        return Transition(Decision.STAY_SNOOZED, after)
    if matched:
        awake = replace(after, status=SignalStatus.OPEN, snoozed_until=None)
        return Transition(Decision.REFIRE, awake)
    return Transition(Decision.CLEAR, _cleared(existing))


def _cleared(existing: SignalState) -> SignalState:
    return replace(existing, status=SignalStatus.CLEARED, snoozed_until=None, still_holds=False)
