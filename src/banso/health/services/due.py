"""Having single accounts judged as soon as something about them changed."""

from __future__ import annotations

from collections.abc import Iterable

from banso.health.models import DueAccount


def request_judgement(account_ids: Iterable[int]) -> None:
    """Have accounts judged at once; the others keep their scores, as nothing about them changed."""
    DueAccount.objects.bulk_create(DueAccount(account_id=one) for one in account_ids)


def forget_due(ids: Iterable[int]) -> None:
    """Say that these requests have been fulfilled."""
    DueAccount.objects.filter(pk__in=list(ids)).delete()
