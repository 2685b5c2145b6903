"""Figures of the event intake for operators, read from the database."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from banso.kit import clock
from banso.usage.models import InboxBatch, RefusedMessage, UsageBatch
from banso.workspace.services import gauges

_WAITING, _SET_ASIDE = Q(set_aside_at=None), Q(set_aside_at__isnull=False)


def inbox_messages() -> gauges.Figures:
    """Messages that the worker has still to take, and those that failed too often."""
    found = InboxBatch.objects.aggregate(
        waiting=Sum("messages", filter=_WAITING, default=0),
        set_aside=Sum("messages", filter=_SET_ASIDE, default=0),
    )
    return {(state,): float(count) for state, count in found.items()}


def inbox_lag() -> gauges.Figures:
    """How long the oldest waiting request has been waiting."""
    oldest = InboxBatch.objects.filter(_WAITING).aggregate(at=Min("received_at"))["at"]
    return {(): _age(oldest)}


def quarantined() -> gauges.Figures:
    """Refused messages that nobody has replayed or discarded, by reason."""
    rows = RefusedMessage.objects.filter(replayed_at=None).values_list("code")
    return {(code,): float(count) for code, count in rows.annotate(n=Count("id")).order_by()}


def unprojected() -> gauges.Figures:
    """Batches that the database holds and the warehouse has still to take."""
    return {(): float(_unprojected().count())}


def warehouse_lag() -> gauges.Figures:
    """How long the oldest batch that the warehouse has not taken has been waiting."""
    return {(): _age(_unprojected().aggregate(at=Min("created_at"))["at"])}


def _unprojected() -> QuerySet[UsageBatch]:
    return UsageBatch.objects.filter(projected_at=None, reverted_at=None, problem="")


def _age(moment: datetime | None) -> float:
    return max(0.0, (clock.now() - moment).total_seconds()) if moment else 0.0


def offer() -> None:
    """Offer all of them; called once at start-up."""
    gauges.reading("banso_inbox_messages", "Messages in the inbox", inbox_messages, ["state"])
    gauges.reading(
        "banso_inbox_lag_seconds", "How long the oldest waiting request has waited", inbox_lag
    )
    gauges.reading(
        "banso_quarantine_messages", "Refused messages that are kept", quarantined, ["code"]
    )
    gauges.reading(
        "banso_warehouse_waiting_batches", "Batches for the warehouse to take", unprojected
    )
    gauges.reading(
        "banso_warehouse_lag_seconds", "How long the oldest of those has waited", warehouse_lag
    )
