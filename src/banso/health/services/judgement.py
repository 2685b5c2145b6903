"""What people say about an account's health: overrides of the score, and the CSM's sentiment."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.health.events import JudgementChanged
from banso.health.models import CsmSentiment, ScoreOverride
from banso.health.services import fields
from banso.health.types import Sentiment
from banso.kit import clock
from banso.kit.errors import ConflictError
from banso.workspace.policies import require
from banso.workspace.selectors import business_day
from banso.workspace.services import audit, events
from banso.workspace.types import Actor

#: How long a judgement may hold, and how long it does unless somebody says otherwise.
MOST_DAYS = 366
DEFAULT_OVERRIDE_DAYS, DEFAULT_SENTIMENT_DAYS = 30, 90


@transaction.atomic
def set_override(
    *, actor: Actor, account: Any, score: float, reason: str, until: date
) -> ScoreOverride:
    """Let a score set by hand count until a day (inclusive), with its reason.

    The computed score goes on being kept beside it. An earlier override of the account ends.
    """
    require(actor, "health.judge", account)
    values = {
        "score": _score(score),
        "reason": fields.reason(reason),
        "until_day": fields.future_day(until, most_days=MOST_DAYS),
    }
    now, today = clock.now(), business_day()
    ended = [_end(earlier) for earlier in _lasting(account)]
    override = ScoreOverride.objects.create(
        account_id=account.pk,
        set_by_id=actor.user_id,
        from_day=today,
        created_at=now,
        **values,
    )
    before = {"ended": [str(earlier.uid) for earlier in ended]} if ended else None
    audit.record(actor, "override.set", "account", account.uid, before=before, after=values)
    events.publish(JudgementChanged(account.pk))
    return override


@transaction.atomic
def end_override(*, actor: Actor, account: Any) -> ScoreOverride:
    """Let the computed score count again from today.

    Raises:
        ConflictError: no override holds.
    """
    require(actor, "health.judge", account)
    ended = [_end(override) for override in _lasting(account)]
    if not ended:
        raise ConflictError(_("No score set by hand holds for this account."), code="no-override")
    image = {"score": ended[0].score, "until_day": ended[0].until_day}
    audit.record(actor, "override.ended", "account", account.uid, before=image)
    events.publish(JudgementChanged(account.pk))
    return ended[0]


@transaction.atomic
def set_sentiment(
    *, actor: Actor, account: Any, value: str, reason: str, until: date
) -> CsmSentiment:
    """Say how one feels about an account; it counts until a day (inclusive) or the next one."""
    require(actor, "health.judge", account)
    if value not in {item.value for item in Sentiment}:
        raise fields.refuse("value", _("Choose good, mixed or bad."))
    values = {
        "value": str(value),
        "reason": fields.reason(reason),
        "until_day": fields.future_day(until, most_days=MOST_DAYS),
    }
    sentiment = CsmSentiment.objects.create(
        account_id=account.pk,
        set_by_id=actor.user_id,
        from_day=business_day(),
        created_at=clock.now(),
        **values,
    )
    audit.record(actor, "sentiment.set", "account", account.uid, after=values)
    events.publish(JudgementChanged(account.pk))
    return sentiment


def _lasting(account: Any) -> list[ScoreOverride]:
    found = ScoreOverride.objects.select_for_update()
    return list(found.filter(account_id=account.pk, ended_at__isnull=True))


def _end(override: ScoreOverride) -> ScoreOverride:
    override.ended_at, override.ended_on = clock.now(), business_day()
    override.save(update_fields=["ended_at", "ended_on"])
    return override


def _score(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 <= value <= 100:  # type: ignore[arg-type,operator]
        raise fields.refuse("score", _("A score lies between 0 and 100."))
    return float(value)  # type: ignore[arg-type]
