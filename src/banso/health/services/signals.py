"""What people do about signals."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry
from banso.health.events import SignalHandled
from banso.health.models import Pulse, Signal
from banso.health.services import fields
from banso.health.types import LIVE_SIGNALS, Direction, Outcome, SignalStatus
from banso.kit import clock
from banso.kit.errors import ConflictError
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

MOST_SNOOZE_DAYS = 366


@transaction.atomic
def snooze_signal(*, actor: Actor, signal: Signal, until: date, reason: str) -> Signal:
    """Keep a signal quiet; on the day ``until`` it comes back if the rule still holds."""
    current = _locked(actor, signal)
    _require_status(current, LIVE_SIGNALS)
    return _handle(
        actor,
        current,
        "snoozed",
        status=SignalStatus.SNOOZED,
        snoozed_until=fields.future_day(until, most_days=MOST_SNOOZE_DAYS, from_tomorrow=True),
        reason=fields.reason(reason),
    )


@transaction.atomic
def resolve_signal(*, actor: Actor, signal: Signal, outcome: str, reason: str = "") -> Signal:
    """Close a signal with what came of it; the rule keeps quiet until it has let go once."""
    current = _locked(actor, signal)
    _require_status(current, LIVE_SIGNALS)
    if outcome not in {item.value for item in Outcome}:
        raise fields.refuse("outcome", _("Say what came of it."))
    return _handle(
        actor,
        current,
        "resolved",
        status=SignalStatus.RESOLVED,
        outcome=outcome,
        reason=fields.text("reason", reason, 500),
        snoozed_until=None,
        closed_by_id=actor.user_id,
        closed_at=clock.now(),
    )


@transaction.atomic
def reopen_signal(*, actor: Actor, signal: Signal) -> Signal:
    """Wake a snoozed signal, or take back that it was resolved.

    Raises:
        ConflictError: it is open, it closed by itself, or the rule has a newer signal.
    """
    current = _locked(actor, signal)
    _require_status(current, (SignalStatus.SNOOZED, SignalStatus.RESOLVED))
    newer = Signal.objects.filter(
        account_id=current.account_id, rule_id=current.rule_id, status__in=LIVE_SIGNALS
    ).exclude(pk=current.pk)
    if newer.exists():
        raise ConflictError(_("This rule has a newer signal already."), code="newer-signal")
    return _handle(
        actor,
        current,
        "reopened",
        status=SignalStatus.OPEN,
        outcome="",
        reason="",
        snoozed_until=None,
        closed_by_id=None,
        closed_at=None,
    )


def _locked(actor: Actor, signal: Signal) -> Signal:
    require(actor, "health.signal", signal.account)
    return Signal.objects.select_for_update(of=("self",)).select_related("rule").get(pk=signal.pk)


def _require_status(signal: Signal, wanted: tuple[SignalStatus, ...]) -> None:
    if signal.status not in wanted:
        raise ConflictError(
            _("This signal has changed in the meantime."),
            code="signal-changed",
            remedy=_("Load the page again."),
        )


def _handle(actor: Actor, signal: Signal, event: str, **values: Any) -> Signal:
    before, after = fields.changed(signal, values)
    for field, value in after.items():
        setattr(signal, field, value)
    signal.save(update_fields=list(after))
    audit.record(actor, f"signal.{event}", "signal", signal.uid, before=before, after=after)
    record_entries([_entry(actor, signal, event)])
    recount(signal.account_id)
    events.publish(SignalHandled(signal.pk, signal.account_id, signal.rule_id, str(signal.status)))
    return signal


def _entry(actor: Actor, signal: Signal, event: str) -> Entry:
    rule = signal.rule
    data = {
        "event": event,
        "name_ja": rule.name_ja,
        "name_en": rule.name_en,
        "direction": rule.direction,
    }
    return Entry(
        signal.account_id,
        ActivityKind.SIGNAL,
        clock.now(),
        "health",
        f"signal:{signal.uid}:{event}:{uuid4()}",
        data,
        body=signal.reason,
        author_id=actor.user_id,
    )


def recount(account_id: int) -> None:
    """Bring the counts of open signals that lists show up to date."""
    found = Signal.objects.filter(account_id=account_id, status=SignalStatus.OPEN)
    directions = list(found.values_list("rule__direction", flat=True))
    Pulse.objects.filter(account_id=account_id).update(
        risks_open=directions.count(Direction.RISK),
        opportunities_open=directions.count(Direction.OPPORTUNITY),
        # The worker compares by it; without it the next run writes the row again.
        digest="",
    )
