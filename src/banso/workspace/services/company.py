"""Changing company-wide settings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from banso.kit.errors import InvalidInputError
from banso.kit.money import currency_digits
from banso.kit.rates import Rates
from banso.workspace.events import CompanyChanged
from banso.workspace.models import Company
from banso.workspace.policies import require
from banso.workspace.selectors import forget_company
from banso.workspace.services import audit, events
from banso.workspace.services.records import check_fields
from banso.workspace.types import SYSTEM, Actor

FIELDS = (
    "name",
    "language",
    "currency",
    "time_zone",
    "fiscal_start_month",
    "restrict_to_own_book",
    "pinned_on",
    "grace_days",
    "exchange_rates",
    "keep_events_months",
)


def _check(changes: dict[str, Any]) -> None:
    if unknown := changes.keys() - set(FIELDS):
        raise InvalidInputError(f"Unknown settings: {', '.join(sorted(unknown))}.")
    if "currency" in changes:
        currency_digits(changes["currency"])
    if "exchange_rates" in changes:
        Rates.parse("", changes["exchange_rates"])


def change_company(*, actor: Actor, **changes: Any) -> Company:
    """Change company settings; keys are fields of the company, see ``FIELDS``."""
    require(actor, "workspace.settings")
    return _change(actor, changes)


@transaction.atomic
def _change(actor: Actor, changes: dict[str, Any]) -> Company:
    _check(changes)
    company, _created = Company.objects.select_for_update().get_or_create(id=1)
    before = {key: getattr(company, key) for key in changes}
    changed = {key: value for key, value in changes.items() if before[key] != value}
    if not changed:
        return company
    for key, value in changed.items():
        setattr(company, key, value)
    check_fields(company, changed)
    company.save()
    forget_company()
    audit.record(
        actor,
        "company.changed",
        "company",
        1,
        before={key: before[key] for key in changed},
        after=changed,
    )
    events.publish(CompanyChanged(frozenset(changed)))
    return company


def pin_day(*, day: date | None, actor: Actor = SYSTEM) -> Company:
    """Let the whole product look at a past day instead of today; ``None`` follows the clock."""
    require(actor, "workspace.pin_day")
    return _change(actor, {"pinned_on": day})
