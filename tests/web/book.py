"""A small book of business for tests of pages: accounts with a pulse, as the worker writes it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from banso.accounts.services.accounts import create_account
from banso.health.models import Pulse, Signal, SignalRule
from banso.health.services.install import install_defaults
from banso.kit import clock
from banso.workspace.types import SYSTEM

DAY = date(2026, 4, 15)


def customer(name: str, *, score: float | None = 80.0, arr: int = 1_200_000, **more: Any) -> Any:
    """An account under contract with a score and its band."""
    pulse = {
        "as_of": DAY,
        "is_customer": True,
        "score": score,
        "computed_score": score,
        "band": band_of(score),
        "arr_minor": arr,
        "currency": "JPY",
        "renewal_on": DAY + timedelta(days=200),
        "spark": [score] * 13,
        "updated_at": clock.now(),
        "metrics": {"days_since_activity": 21},
        **{key: more.pop(key) for key in list(more) if key in PULSE},
    }
    pulse.setdefault("stake", arr * (1 - (score or 50) / 100))
    account = create_account(actor=SYSTEM, name=name, **more)
    Pulse.objects.update_or_create(account=account, defaults=pulse)
    return account


PULSE = {field.name for field in Pulse._meta.get_fields()} - {"account"}


def band_of(score: float | None) -> str:
    """The band by the usual borders."""
    if score is None:
        return ""
    return "danger" if score < 40 else "caution" if score < 70 else "healthy"


def signal(account: Any, rule: str = "silence") -> Signal:
    """An open signal with a figure."""
    install_defaults()
    found = Signal.objects.create(
        account=account,
        rule=SignalRule.objects.get(key=rule),
        evidence={"days_since_activity": [21.0, None]},
        since=DAY,
        last_seen_on=DAY,
        created_at=clock.now(),
    )
    Pulse.objects.filter(account=account).update(risks_open=1)
    return found
