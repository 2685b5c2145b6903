"""Reads of NPS answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from banso.kit import clock
from banso.voice.models import NpsAnswer
from banso.workspace.selectors import company_zone


def newest_moments() -> dict[str, datetime]:
    """Source to the moment of its newest answer."""
    rows = NpsAnswer.objects.order_by().values_list("source")
    return dict(rows.annotate(newest=Max("answered_at")))


def answers_of(account: Any) -> QuerySet[NpsAnswer]:
    """The account's NPS answers with the people who gave them, newest first."""
    return (
        NpsAnswer.objects.select_related("contact")
        .filter(account_id=account.pk)
        .order_by("-answered_at", "-id")
    )


def answered_until(account: Any, day: date) -> QuerySet[NpsAnswer]:
    """The account's answers given up to a day in the company's zone."""
    end = clock.midnight(day + timedelta(days=1), company_zone())
    return answers_of(account).filter(answered_at__lt=end)
