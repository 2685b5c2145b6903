"""Reads of the accounts that are to be judged at once."""

from __future__ import annotations

from banso.health.models import DueAccount


def due_accounts(most: int | None = None) -> dict[int, int]:
    """Request to account, the oldest first."""
    rows = DueAccount.objects.order_by("id").values_list("id", "account_id")
    return dict(rows[:most])
