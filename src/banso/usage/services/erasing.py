"""Erasing in the background, since all usage is looked through."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from banso.accounts.selectors.external import account_by_id, contact_by_id
from banso.usage.models import UnmatchedParty
from banso.usage.services.erasure import erase_account, erase_contact, erase_person
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


@transaction.atomic
def request_party_erasure(*, actor: Actor, party: Any) -> None:
    """Have a person erased soon of whom only a source of events knows."""
    require(actor, "usage.erase")
    audit.record(actor, "sender.erasure_requested", "sender", party.uid)
    jobs.start(
        actor=actor, kind=JOB_KIND, params={"party": party.pk}, key=f"erase-party:{party.pk}"
    )


def work_on_erasing(job: JobHandle) -> None:
    """Erase what was asked for; whom somebody has erased already is passed over."""
    if account := account_by_id(job.params.get("account", 0)):
        erase_account(actor=SYSTEM, account=account, progress=job.progress)
    if contact := contact_by_id(job.params.get("contact", 0)):
        erase_contact(actor=SYSTEM, contact=contact, progress=job.progress)
    parties = UnmatchedParty.objects.select_related("source")
    if party := parties.filter(pk=job.params.get("party", 0)).first():
        erase_person(
            actor=SYSTEM, source=party.source.key, user_key=party.key, progress=job.progress
        )
