"""Moving accounts to the lifecycle stage that their contracts show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from banso.accounts.models import Account
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry, Lifecycle
from banso.kit import clock
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.types import Actor


@transaction.atomic
def move_accounts(
    *, actor: Actor, account_ids: Sequence[int], to: Lifecycle, happened_at: datetime
) -> int:
    """Give accounts a lifecycle stage and note it on their timelines; returns how many moved."""
    require(actor, "accounts.assign")
    found = Account.objects.select_for_update().filter(pk__in=account_ids)
    before = dict(found.exclude(lifecycle=to).values_list("pk", "lifecycle"))
    if not before:
        return 0
    Account.objects.filter(pk__in=before).update(lifecycle=to, updated_at=clock.now())
    audit.record(
        actor,
        "accounts.moved",
        "account",
        "",
        before={str(pk): stage for pk, stage in before.items()},
        after={"lifecycle": to, "count": len(before)},
    )
    record_entries(
        Entry(
            account_id=pk,
            kind=ActivityKind.STAGE,
            happened_at=happened_at,
            source="health",
            external_id=f"stage:{pk}:{to}:{happened_at.date()}",
            data={"from": stage, "to": to},
        )
        for pk, stage in before.items()
    )
    return len(before)
