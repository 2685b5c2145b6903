"""Why an account is worth a look today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from banso.health.models import Metric, Signal
from banso.health.types import Direction, SignalStatus, bands_climbed

#: A renewal this near is talked about where health is not good, and then this week or today.
RENEWAL_DAYS, RENEWAL_NOW_DAYS = 90, 30
#: A fall this deep within a week is one, and this deep into a worse band; less is a hair's breadth.
FELL_POINTS, DROPPED_POINTS = -10.0, -5.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A number that shows why; ``before`` where the rule compares.

    Attributes:
        key: a metric's key, ``score``, or ``band`` (then the values are band codes, 0 = danger).
        unit: number, percent, days, money, minutes or points; empty for score and band.
    """

    key: str
    value: float | None
    before: float | None
    name_en: str
    name_ja: str
    unit: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that makes an account worth a look today.

    Attributes:
        kind: ``signal``; ``renewal`` (near); ``score`` (fell a band within a week, or 10 points).
        severity: 1 (worth a look), 2 (this week), 3 (today).
        signal_uid: to snooze or resolve it with; None for other kinds.
    """

    kind: Literal["signal", "renewal", "score"]
    direction: Direction
    severity: int
    since: date | None
    name_en: str = ""
    name_ja: str = ""
    advice_en: str = ""
    advice_ja: str = ""
    signal_uid: UUID | None = None
    rule_key: str = ""
    evidence: tuple[Evidence, ...] = ()


def reasons_of(rows: Sequence[Mapping[str, Any]], day: date) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = defaultdict(list)
    signals = Signal.objects.select_related("rule").filter(
        account_id__in=[row["account_id"] for row in rows], status=SignalStatus.OPEN
    )
    known = {
        key: (name_en, name_ja, unit)
        for key, name_en, name_ja, unit in Metric.objects.values_list(
            "key", "name_en", "name_ja", "unit"
        )
    }
    for signal in signals.order_by("id"):
        found[signal.account_id].append(_of_signal(signal, known))
    for row in rows:
        mine = found[row["account_id"]]
        mine += _of_pulse(row, day, {reason.rule_key for reason in mine})
        mine.sort(key=lambda reason: (reason.direction is Direction.OPPORTUNITY, -reason.severity))
    return found


def _of_signal(signal: Signal, known: Mapping[str, tuple[str, str, str]]) -> Reason:
    rule = signal.rule
    return Reason(
        kind="signal",
        direction=Direction(rule.direction),
        severity=rule.severity,
        since=signal.since,
        name_en=rule.name_en,
        name_ja=rule.name_ja,
        advice_en=rule.advice_en,
        advice_ja=rule.advice_ja,
        signal_uid=signal.uid,
        rule_key=rule.key,
        evidence=tuple(
            Evidence(key, value, before, *known.get(key, ("", "", "")))
            for key, (value, before) in signal.evidence.items()
        ),
    )


def _of_pulse(row: Mapping[str, Any], day: date, rules: set[str]) -> list[Reason]:
    """Reasons that no signal tells already."""
    found = []
    renewal = row["renewal_on"]
    if (
        renewal is not None
        and 0 <= (renewal - day).days <= RENEWAL_DAYS
        and row["band"] != "healthy"
        and "renewal_at_risk" not in rules
    ):
        severity = 3 if (renewal - day).days <= RENEWAL_NOW_DAYS else 2
        found.append(Reason("renewal", Direction.RISK, severity, None))
    change = 0.0 if row["change_7"] is None else row["change_7"]
    dropped = change <= DROPPED_POINTS and bands_climbed(row["band_7"], row["band"]) < 0
    if (change <= FELL_POINTS or dropped) and "band_drop" not in rules:
        evidence = (Evidence("score", row["score"], row["score"] - change, "", "", ""),)
        found.append(Reason("score", Direction.RISK, 2, None, evidence=evidence))
    return found
