"""What happened to health, in the past tense; who listens reacts after the commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricChanged:
    """A metric was created, changed, archived or brought back."""

    key: str


@dataclass(frozen=True, slots=True)
class ScorecardChanged:
    """A scorecard has a new version, applies to other accounts, or was archived."""

    scorecard_id: int


@dataclass(frozen=True, slots=True)
class SignalRuleChanged:
    """A signal rule was created, changed, or switched on or off."""

    rule_id: int


@dataclass(frozen=True, slots=True)
class JudgementChanged:
    """A person set or ended an override, or said how he feels about an account."""

    account_id: int


@dataclass(frozen=True, slots=True)
class SignalOpened:
    """A rule holds for an account, newly or again after a snooze."""

    signal_id: int
    account_id: int
    rule_id: int


@dataclass(frozen=True, slots=True)
class SignalCleared:
    """A rule no longer holds and its signal closed by itself."""

    signal_id: int
    account_id: int
    rule_id: int


@dataclass(frozen=True, slots=True)
class SignalHandled:
    """A person snoozed, resolved or reopened a signal."""

    signal_id: int
    account_id: int
    rule_id: int
    status: str
