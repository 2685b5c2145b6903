"""The one timeline of everything that happened with an account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from banso.accounts.models import Account, Activity
from banso.accounts.selectors.accounts import visible
from banso.accounts.types import MANUAL_KINDS
from banso.kit.errors import NotFoundError
from banso.workspace.types import Actor

#: Where a page of the timeline ended: moment and id of its last entry.
Cursor = tuple[datetime, int]


def _entries(account: Account) -> QuerySet[Activity]:
    return Activity.objects.filter(account=account).select_related("author", "contact")


def newest_moments() -> dict[str, datetime]:
    """Source to the moment of the newest entry that people made there."""
    rows = Activity.objects.filter(kind__in=MANUAL_KINDS).order_by().values_list("source")
    return dict(rows.annotate(newest=Max("happened_at")))


def timeline(
    account: Account,
    kinds: Collection[str] = (),
    before: Cursor | None = None,
    limit: int = 30,
) -> tuple[list[Activity], Cursor | None]:
    """One page of entries, newest first, and where the next page starts (null at the end)."""
    entries = _entries(account)
    if kinds:
        entries = entries.filter(kind__in=list(kinds))
    if before:
        moment, last_id = before
        entries = entries.filter(Q(happened_at__lt=moment) | Q(happened_at=moment, pk__lt=last_id))
    page = list(entries[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    return page, ((page[-1].happened_at, page[-1].pk) if more else None)


def touches(account: Account, limit: int = 5) -> list[Activity]:
    """The latest notes, calls, meetings and mails."""
    return list(_entries(account).filter(kind__in=MANUAL_KINDS)[:limit])


def entry_by_uid(actor: Actor, uid: UUID) -> Activity:
    """One entry with its account.

    Raises:
        NotFoundError: no account the actor may see has such an entry.
    """
    found = (
        Activity.objects.select_related("account", "author", "contact")
        .filter(uid=uid, account__in=visible(actor))
        .first()
    )
    if found is None:
        raise NotFoundError(_("This entry does not exist."))
    return found
