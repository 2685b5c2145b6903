"""Erasing in the background, since all usage is looked through."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from banso.accounts.selectors.external import account_by_id, contact_by_id
from banso.usage.services.erasure import erase_account, erase_contact
from banso.workspace.policies import require
from banso.workspace.services import audit, jobs
from banso.workspace.services.jobs import JobHandle
from banso.workspace.types import SYSTEM, Actor

JOB_KIND = "usage.erase"


@transaction.atomic
def request_account_erasure(*, actor: Actor, account: Any) -> None:
    """Have an account erased soon, with everything that belongs to it."""
    require(actor, "usage.erase")
    audit.record(actor, "account.erasure_requested", "account", account.uid)
    jobs.start(
        actor=actor, kind=JOB_KIND, params={"account": account.pk}, key=f"erase:{account.pk}"
    )


@transaction.atomic
def request_contact_erasure(*, actor: Actor, contact: Any) -> None:
    """Have a person at an account erased soon, with his use of the product."""
    require(actor, "usage.erase")
    audit.record(actor, "contact.erasure_requested", "contact", contact.uid)
    jobs.start(
        actor=actor,
        kind=JOB_KIND,
        params={"contact": contact.pk},
        key=f"erase-contact:{contact.pk}",
    )


def work_on_erasing(job: JobHandle) -> None:
    """Erase what was asked for; whom somebody has erased already is passed over."""
    if account := account_by_id(job.params.get("account", 0)):
        erase_account(actor=SYSTEM, account=account)
    if contact := contact_by_id(job.params.get("contact", 0)):
        erase_contact(actor=SYSTEM, contact=contact)
