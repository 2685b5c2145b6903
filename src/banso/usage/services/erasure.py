"""Erasing a person or an account wherever usage, and what was made of it, keeps them.

The database is set right first, and the batches that changed are stale until the warehouse has
taken them over. All of it may be done again after it was interrupted; the account itself goes last.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q, QuerySet

from banso.accounts.selectors.external import contacts_of_users, ids_of_account
from banso.accounts.services.removal import erase_account_record, erase_contacts
from banso.usage.events import UsageErased
from banso.usage.models import (
    EventSource,
    KnownAs,
    KnownGroup,
    MatchRule,
    Membership,
    Person,
    UnmatchedParty,
    UsageBatch,
    UsageProfile,
)
from banso.usage.models.unmatched import GROUP
from banso.usage.rules.intake.leaving import Leaving
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.batches import rewrite_rows
from banso.usage.services.intake.lookups import rows_of
from banso.usage.services.leaving import forget_messages
from banso.usage.services.scrubbing import overwriting
from banso.usage.services.suppression import remember_erased
from banso.workspace.policies import require
from banso.workspace.services import audit, events
from banso.workspace.services.many_keys import among
from banso.workspace.types import Actor

_Rows = Callable[[pa.Table], Any]


def erase_person(*, actor: Actor, source: str, user_key: str) -> int:
    """Erase a user of a source, with all ids he was known by and the contacts with his id.

    Args:
        source: key of an event source, or the name under which files brought his usage.

    Returns:
        How many batches of usage held rows of his.
    """
    require(actor, "usage.erase")
    known = EventSource.objects.filter(key=source).first()
    with overwriting():
        keys = _forget_people(known, {user_key}) if known else {user_key}
        erase_contacts(actor=actor, people=contacts_of_users(source, keys))
        batches = UsageBatch.objects.filter(source=source)
        wanted = pa.array(sorted(keys), pa.string())
        changed, _last = _rewrite_all(batches, lambda rows: _among(rows, "user_key", wanted))
    with transaction.atomic():
        audit.record(actor, "usage.person_erased", "source", source, after={"batches": changed})
    return changed


def erase_account(*, actor: Actor, account: Any) -> int:
    """Erase an account with everything that belongs to it, and the people known only by it.

    Group calls with one of its ids do not create it again: their messages wait until a person says
    whose they are.

    Returns:
        How many batches of usage held rows of it.
    """
    require(actor, "usage.erase")
    require(actor, "accounts.delete")
    rules = MatchRule.objects.filter(account_id=account.pk, kind=GROUP)
    ids = {*ids_of_account(account.pk), *rules.values_list("key", flat=True)}
    sources = list(EventSource.objects.order_by("id"))
    with overwriting():
        remember_erased(sources, ids)
        for source in sources:
            _forget_groups(source, ids)
        going = partial(_among, column="account_id", wanted=pa.array([account.pk], pa.int64()))
        changed, last = _rewrite_all(UsageBatch.objects.all(), going)
        erase_account_record(actor=actor, account=account)
        # What came in while the others were looked through; nothing comes any more.
        more, _last = _rewrite_all(UsageBatch.objects.all(), going, last)
    return changed + more


def erase_contact(*, actor: Actor, contact: Any) -> None:
    """Erase a person at an account, his use of it, and what a source of events told about him."""
    require(actor, "usage.erase")
    account_id, user_key = contact.account_id, contact.user_key
    if user_key and EventSource.objects.filter(key=contact.source).exists():
        erase_person(actor=actor, source=contact.source, user_key=user_key)
    with overwriting():
        erase_contacts(actor=actor, people=[contact.pk])
        if user_key:
            his = pa.array([user_key], pa.string())
            at = pa.array([account_id], pa.int64())
            _rewrite_all(
                UsageBatch.objects.all(),
                lambda rows: pc.and_(_among(rows, "account_id", at), _among(rows, "user_key", his)),
            )


def _forget_groups(source: EventSource, ids: set[str]) -> None:
    members = Membership.objects.filter(source=source)
    people = {user for (user,) in rows_of(members.values_list("user_key"), "group_key", ids)}
    elsewhere = members.exclude(group_key__in=ids).values_list("user_key")
    people -= {user for (user,) in rows_of(elsewhere, "user_key", people)}
    forget_messages(source, Leaving(groups=frozenset(ids)))
    if people:
        _forget_people(source, people)
    with transaction.atomic():
        members.filter(group_key__in=ids).delete()
        KnownGroup.objects.filter(source=source, group_key__in=ids).delete()
        UnmatchedParty.objects.filter(source=source, kind=GROUP, key__in=ids).delete()


def _forget_people(source: EventSource, users: set[str]) -> set[str]:
    """Delete what is known of people of a source; returns all ids that they were known by."""
    links = list(rows_of(KnownAs.objects.filter(source=source), "user_key", users))
    keys = users | {link.former_key for link in links}
    forget_messages(source, Leaving(users=frozenset(keys)))
    with transaction.atomic():
        mine = Q(user_key__in=among(keys))
        KnownAs.objects.filter(mine | Q(former_key__in=among(keys)), source=source).delete()
        Person.objects.filter(mine, source=source).delete()
        Membership.objects.filter(mine, source=source).delete()
        MatchRule.objects.filter(source=source, key__in=among(keys)).exclude(kind=GROUP).delete()
        parties = UnmatchedParty.objects.filter(source=source, key__in=among(keys))
        parties.exclude(kind=GROUP).delete()
    return keys


def _among(rows: pa.Table, column: str, wanted: pa.Array) -> Any:
    return pc.fill_null(pc.is_in(rows[column], value_set=wanted), False)


def _rewrite_all(batches: QuerySet[UsageBatch], going: _Rows, after: int = 0) -> tuple[int, int]:
    """Take rows out of the batches beyond a number, one transaction each.

    Returns:
        How many had any, and the number of the last batch.
    """
    changed, ordered = 0, batches.order_by("id").values_list("id", flat=True)
    # One after another, since those that were put together meanwhile have a new number.
    while (batch_id := ordered.filter(pk__gt=after).first()) is not None:
        changed, after = changed + _rewrite(batch_id, going), batch_id
    if changed:
        events.publish(UsageErased())
    return changed, after


@transaction.atomic
def _rewrite(batch_id: int, going: _Rows) -> bool:
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
