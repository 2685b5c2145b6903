"""Reads of signal rules and signals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from banso.health.models import Signal, SignalRule
from banso.health.types import LIVE_SIGNALS, SignalStatus
from banso.kit.errors import NotFoundError
from banso.workspace.types import Actor


def signal_rules(*, active_only: bool = False) -> QuerySet[SignalRule]:
    """Rules, risks before opportunities, the most severe first."""
    found = SignalRule.objects.order_by("-direction", "-severity", "key")
    return found.filter(is_active=True) if active_only else found


def signal_rule_by_uid(uid: UUID) -> SignalRule:
    """One rule.

    Raises:
        NotFoundError: no rule has this id.
    """
    found = SignalRule.objects.filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This signal rule does not exist."), code="unknown-signal-rule")
    return found


def visible_signals(actor: Actor) -> QuerySet[Signal]:
    """Signals of the accounts that the actor may see, with rule and account."""
    found = Signal.objects.select_related("rule", "account")
    if not actor.restricted:
        return found
    own = Q(account__cs_owner_id=actor.user_id) | Q(account__sales_owner_id=actor.user_id)
    return found.filter(own)


def signal_by_uid(actor: Actor, uid: UUID) -> Signal:
    """One signal.

    Raises:
        NotFoundError: it does not exist, or the actor may not know that it does.
    """
    found = visible_signals(actor).filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This signal does not exist."), code="unknown-signal")
    return found


def live_signals(account: Any) -> list[Signal]:
    """Open and snoozed signals of an account: open first, risks first, the most severe first."""
    found = Signal.objects.filter(account_id=account.pk, status__in=LIVE_SIGNALS)
    return list(
        found.select_related("rule").order_by("status", "-rule__direction", "-rule__severity", "id")
    )


def closed_signals(account: Any, limit: int = 20) -> list[Signal]:
    """The latest signals of an account that were resolved or cleared."""
    closed = (SignalStatus.RESOLVED, SignalStatus.CLEARED)
    found = Signal.objects.filter(account_id=account.pk, status__in=closed)
    return list(found.select_related("rule", "closed_by").order_by("-closed_at", "-id")[:limit])


def open_counts() -> dict[int, int]:
    """Rule id to how many signals of it are open, not counting snoozed ones, over all accounts."""
    found = Signal.objects.filter(status=SignalStatus.OPEN).order_by().values_list("rule_id")
    return dict(found.annotate(count=Count("pk")))
