"""Reads of overrides and sentiments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from banso.health.models import CsmSentiment, ScoreOverride


def overrides(account: Any) -> QuerySet[ScoreOverride]:
    """All overrides of an account, newest first, with who set them."""
    found = ScoreOverride.objects.filter(account_id=account.pk).select_related("set_by")
    return found.order_by("-created_at", "-id")


def current_override(account: Any, on: date) -> ScoreOverride | None:
    """The override that has not been ended and holds on a day."""
    found = overrides(account).filter(ended_at__isnull=True)
    return found.filter(from_day__lte=on, until_day__gte=on).first()


def sentiments(account: Any) -> QuerySet[CsmSentiment]:
    """All sentiments about an account, newest first, with who said so."""
    found = CsmSentiment.objects.filter(account_id=account.pk).select_related("set_by")
    return found.order_by("-created_at", "-id")


def current_sentiment(account: Any, on: date) -> CsmSentiment | None:
    """The latest sentiment up to a day, if it still counts then; an older one never returns."""
    latest = sentiments(account).filter(from_day__lte=on).first()
    return latest if latest is not None and latest.until_day >= on else None
