"""Erasing a person or an account wherever usage, and what was made of it, keeps them.

Batches that changed are stale until the warehouse has taken them over. All of it may be done again
after it was interrupted: by what somebody is found goes last.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.db.models import Q

from banso.accounts.selectors.external import contacts_of_users, ids_of_account
from banso.accounts.services.removal import erase_account_record, erase_contacts
from banso.usage.models import (
    EventSource,
    KnownAs,
    KnownGroup,
    MatchRule,
    Membership,
    Person,
    UnmatchedParty,
    UsageBatch,
)
from banso.usage.models.unmatched import GROUP
from banso.usage.rules.intake.leaving import Leaving
from banso.usage.services.intake.lookups import rows_of
from banso.usage.services.leaving import forget_messages
from banso.usage.services.rewriting import Progress, among, take_out
from banso.usage.services.scrubbing import overwriting
from banso.usage.services.suppression import remember_erased
from banso.workspace.policies import require
from banso.workspace.services import audit, many_keys
from banso.workspace.types import Actor


def erase_person(
    *, actor: Actor, source: str, user_key: str, progress: Progress | None = None
) -> int:
    """Erase a user of a source, with all ids he was known by and the contacts with his id.

    Args:
        source: key of an event source, or the name under which files brought his usage.
        progress: told how many batches of usage were looked through, and of how many.

    Returns:
        How many batches of usage held rows of his.
    """
    require(actor, "usage.erase")
    known = EventSource.objects.filter(key=source).first()
    keys = _ids_of(known, {user_key}) if known else {user_key}
    batches = UsageBatch.objects.filter(source=source)
    his = partial(among, column="user_key", wanted=pa.array(sorted(keys), pa.string()))
    with overwriting():
        if known:
            forget_messages(known, Leaving(users=frozenset(keys)))
        changed, last = take_out(batches, his, progress=progress)
        if known:
            _forget_records(known, keys)
        # What came in while the others were looked through.
        more, _last = take_out(batches, his, last)
        erase_contacts(actor=actor, people=contacts_of_users(source, keys))
    with transaction.atomic():
        note = {"batches": changed + more}
        audit.record(actor, "usage.person_erased", "source", source, after=note)
    return changed + more


def erase_account(*, actor: Actor, account: Any, progress: Progress | None = None) -> int:
    """Erase an account with everything that belongs to it, and the people known only by it.

    Group calls with one of its ids do not create it again: their messages wait until a person says
    whose they are.

    Args:
        progress: told how many batches of usage were looked through, and of how many.

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
        going = partial(among, column="account_id", wanted=pa.array([account.pk], pa.int64()))
        changed, last = take_out(UsageBatch.objects.all(), going, progress=progress)
        erase_account_record(actor=actor, account=account)
        # What came in while the others were looked through; nothing comes any more.
        more, _last = take_out(UsageBatch.objects.all(), going, last)
    return changed + more


def erase_contact(*, actor: Actor, contact: Any, progress: Progress | None = None) -> None:
    """Erase a person at an account, his use of it, and what a source of events told about him.

    Args:
        progress: told how many batches of usage were looked through, and of how many.
    """
    require(actor, "usage.erase")
    user_key = contact.user_key
    if user_key:
        his = pa.array([user_key], pa.string())
        at = pa.array([contact.account_id], pa.int64())
        with overwriting():
            take_out(
                UsageBatch.objects.all(),
                lambda rows: pc.and_(among(rows, "account_id", at), among(rows, "user_key", his)),
                progress=progress,
            )
    if user_key and EventSource.objects.filter(key=contact.source).exists():
        erase_person(actor=actor, source=contact.source, user_key=user_key, progress=progress)
    with overwriting():
        erase_contacts(actor=actor, people=[contact.pk])


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


def _forget_people(source: EventSource, users: set[str]) -> None:
    keys = _ids_of(source, users)
    forget_messages(source, Leaving(users=frozenset(keys)))
    _forget_records(source, keys)


def _ids_of(source: EventSource, users: set[str]) -> set[str]:
    """All ids that people of a source were known by."""
    links = rows_of(KnownAs.objects.filter(source=source), "user_key", users)
    return users | {link.former_key for link in links}


@transaction.atomic
def _forget_records(source: EventSource, keys: set[str]) -> None:
    """Delete what is known of people of a source."""
    wanted = many_keys.among(keys)
    mine = Q(user_key__in=wanted)
    KnownAs.objects.filter(mine | Q(former_key__in=wanted), source=source).delete()
    Person.objects.filter(mine, source=source).delete()
    Membership.objects.filter(mine, source=source).delete()
    MatchRule.objects.filter(source=source, key__in=wanted).exclude(kind=GROUP).delete()
    parties = UnmatchedParty.objects.filter(source=source, key__in=wanted)
    parties.exclude(kind=GROUP).delete()
