"""Opening, updating and clearing signals for many accounts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from banso.health.models import Signal, SignalRule
from banso.health.rules.conditions import Conditions, parse
from banso.health.rules.signals import Evidence, Inputs, evaluate, matches
from banso.health.rules.transition import Decision, SignalState, transition
from banso.health.services.compute.picture import moment_of
from banso.health.services.judging import positions
from banso.health.types import LIVE_SIGNALS, Direction, SignalStatus
from banso.kit import clock

Floats = NDArray[np.float64]
#: Signals by which a rule that holds opens no other.
_KEPT = Q(status__in=LIVE_SIGNALS) | Q(status=SignalStatus.RESOLVED, still_holds=True)


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule that is switched on, with its conditions read."""

    row: SignalRule
    conditions: Conditions


@dataclass
class SignalChanges:
    """What the rules of a day did, to be written in one go."""

    opened: list[Signal] = field(default_factory=list)
    changed: list[Signal] = field(default_factory=list)
    #: Signals that came back after a snooze or closed by themselves, by what happened.
    events: list[tuple[str, Signal]] = field(default_factory=list)
    #: Account id to the number of live risks and of live opportunities.
    live: dict[int, dict[str, int]] = field(default_factory=dict)


def active_rules() -> list[ActiveRule]:
    """The rules that are switched on."""
    rows = SignalRule.objects.filter(is_active=True).order_by("id")
    return [ActiveRule(row, parse(row.conditions)) for row in rows]


def decide(
    rules: Sequence[ActiveRule], ids: Sequence[int], inputs: Inputs, judged: NDArray[np.bool_],
    day: date, *, opening: bool = True,
) -> SignalChanges:  # fmt: skip
    """What becomes of every signal of the accounts; nothing is written yet.

    Signals of rules that were switched off, and of accounts that are no customers any more, clear;
    new ones open only with ``opening``.
    """
    existing = _existing(ids)
    at = positions(ids)
    changes = SignalChanges()
    live: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Direction, 0))
    for rule in rules:
        result = evaluate(rule.conditions, inputs)
        matched = {
            ids[i]: result.evidence[i] for i in np.flatnonzero(result.matched & judged).tolist()
        }
        mine = existing.pop(rule.row.pk, {})
        if not opening:
            matched = {one: evidence for one, evidence in matched.items() if one in mine}
        for account_id in sorted(matched.keys() | (mine.keys() & at.keys())):
            signal = _step(
                changes, rule, mine.get(account_id), account_id, matched.get(account_id), day
            )
            if signal is not None and signal.status == SignalStatus.OPEN:
                live[account_id][rule.row.direction] += 1
    switched_off = SignalRule.objects.in_bulk(existing)
    for rule_id, mine in existing.items():
        for signal in mine.values():
            signal.rule = switched_off[rule_id]
            _close(changes, signal)
    changes.live = dict(live)
    return changes


def about_to_open(
    rules: Sequence[ActiveRule], ids: Sequence[int], inputs: Inputs, judged: NDArray[np.bool_]
) -> dict[int, set[int]]:
    """Account to the rules that hold without a signal so far, as it looks without any lock."""
    kept = Signal.objects.filter(_KEPT, account_id__in=ids)
    known = set(kept.values_list("rule_id", "account_id"))
    found: dict[int, set[int]] = defaultdict(set)
    for rule in rules:
        for i in np.flatnonzero(matches(rule.conditions, inputs) & judged).tolist():
            if (rule.row.pk, ids[i]) not in known:
                found[ids[i]].add(rule.row.pk)
    return found


def _existing(ids: Sequence[int]) -> dict[int, dict[int, Signal]]:
    """Rule to account to the live signal, or to a resolved one that still keeps quiet."""
    found = Signal.objects.select_for_update().filter(_KEPT, account_id__in=ids).order_by("id")
    by_rule: dict[int, dict[int, Signal]] = defaultdict(dict)
    for signal in found:
        before = by_rule[signal.rule_id].get(signal.account_id)
        if before is None or before.status not in LIVE_SIGNALS:
            by_rule[signal.rule_id][signal.account_id] = signal
    return by_rule


def _step(
    changes: SignalChanges,
    rule: ActiveRule,
    signal: Signal | None,
    account_id: int,
    evidence: Evidence | None,
    day: date,
) -> Signal | None:
    """Move one signal on; returns it when it exists afterwards."""
    if signal is not None:
        signal.rule = rule.row
    outcome = transition(_state(signal), evidence is not None, day)
    if outcome.decision in (Decision.NOTHING, Decision.STAY_RESOLVED):
        return signal
    if outcome.decision is Decision.OPEN:
        opened = Signal(
            account_id=account_id,
            rule=rule.row,
            status=SignalStatus.OPEN,
            evidence=_rounded(evidence),
            since=day,
            last_seen_on=day,
            created_at=moment_of(day),
        )
        changes.opened.append(opened)
        return opened
    if signal is None or outcome.state is None:
        return signal
    if _apply(signal, outcome.state, evidence):
        changes.changed.append(signal)
    if outcome.decision is Decision.REFIRE:
        changes.events.append(("reopened", signal))
    if outcome.decision is Decision.CLEAR:
        signal.closed_at = clock.now()
        changes.events.append(("cleared", signal))
    return signal


def _state(signal: Signal | None) -> SignalState | None:
    if signal is None:
        return None
    return SignalState(
        SignalStatus(signal.status),
        signal.since,
        signal.last_seen_on,
        signal.snoozed_until,
        signal.still_holds,
    )


def _apply(signal: Signal, state: SignalState, evidence: Evidence | None) -> bool:
    new: dict[str, Any] = {
        "status": state.status,
        "last_seen_on": state.last_seen_on,
        "snoozed_until": state.snoozed_until,
        "still_holds": state.still_holds,
    }
    if evidence is not None:
        new["evidence"] = _rounded(evidence)
    differs = any(getattr(signal, name) != value for name, value in new.items())
    for name, value in new.items():
        setattr(signal, name, value)
    return differs


def _close(changes: SignalChanges, signal: Signal) -> None:
    if signal.status in LIVE_SIGNALS:
        signal.status, signal.still_holds = SignalStatus.CLEARED, False
        signal.snoozed_until, signal.closed_at = None, clock.now()
        changes.changed.append(signal)
        changes.events.append(("cleared", signal))


def _rounded(evidence: Evidence | None) -> dict[str, list[float | None]]:
    return {
        key: [None if value is None else round(value, 4) for value in pair]
        for key, pair in (evidence or {}).items()
    }
