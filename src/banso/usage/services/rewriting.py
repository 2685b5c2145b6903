"""Taking rows out of the batches in which usage is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import QuerySet

from banso.usage.events import UsageErased
from banso.usage.models import UsageBatch, UsageProfile
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.batches import rewrite_rows
from banso.workspace.services import events

Rows = Callable[[pa.Table], Any]
Progress = Callable[[int, int], None]


def among(rows: pa.Table, column: str, wanted: pa.Array) -> Any:
    """Whether each row's value is among those wanted; no value is none of them."""
    return pc.fill_null(pc.is_in(rows[column], value_set=wanted), False)


def take_out(
    batches: QuerySet[UsageBatch], going: Rows, after: int = 0, progress: Progress | None = None
) -> tuple[int, int]:
    """Take rows out of the batches beyond a number, one transaction each.

    Args:
        going: says of each row of a batch whether it goes.
        progress: told between transactions how many batches are done, and of how many.

    Returns:
        How many had any, and the number of the last batch.
    """
    changed, done, total = 0, 0, batches.filter(pk__gt=after).count()
    ordered = batches.order_by("id").values_list("id", flat=True)
    try:
        # One after another, since those that were put together meanwhile have a new number.
        while (batch_id := ordered.filter(pk__gt=after).first()) is not None:
            changed, done, after = changed + _rewrite(batch_id, going), done + 1, batch_id
            if progress:
                progress(done, max(done, total))
    finally:
        # Also when it is cut short: what is gone by then must leave the warehouse.
        if changed:
            events.publish(UsageErased())
    return changed, after


@transaction.atomic
def _rewrite(batch_id: int, going: Rows) -> bool:
    """Take rows out of a batch; whether there were any."""
    if not UsageBatch.objects.select_for_update().filter(pk=batch_id).values("id"):
        # It was put together with others meanwhile, and the one in its place comes later.
        return False
    rows = batch_rows(batch_id)
    gone = going(rows)
    if not pc.any(gone).as_py():
        return False
    accounts = rows.filter(gone)["account_id"].unique().to_pylist()
    rewrite_rows(batch_id, rows.filter(pc.invert(gone)), accounts)
    UsageProfile.objects.filter(account_id__in=accounts).delete()
    return True
