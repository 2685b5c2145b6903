"""Holding messages of nobody we know, and letting them go when somebody does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F, Max

from banso.usage.models import (
    EventSource,
    HeldMessages,
    KnownAs,
    KnownGroup,
    Person,
    UnmatchedParty,
)
from banso.usage.models.unmatched import ANONYMOUS, GROUP, USER
from banso.usage.rules.intake.describing import account_facts, person_facts
from banso.usage.rules.intake.folding import values
from banso.usage.rules.intake.requests import HeldMessage, time_of, to_held
from banso.usage.services.intake.directory import Directory, Party
from banso.usage.services.intake.lookups import rows_of

#: Of a larger message only its beginning is shown.
_MOST_SAMPLE = 4_000
_COUNTED = ("messages", "last_seen_at", "name", "email")


def hold(source: EventSource, waiting: Mapping[Party, Sequence[HeldMessage]]) -> None:
    """Keep messages whole, each with the party that it waits for."""
    parties = _parties(source, waiting)
    HeldMessages.objects.bulk_create(
        HeldMessages(
            party=parties[party],
            messages=len(messages),
            received_at=time_of(max(one.received for one in messages)),
            payload=to_held(messages),
        )
        for party, messages in waiting.items()
    )


def release(rows: Sequence[HeldMessages]) -> int:
    """Take held rows out of where they waited; returns how many were still there."""
    counts = Counter[int]()
    for row in rows:
        counts[row.party_id] += row.messages
    gone, _ = HeldMessages.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for party, messages in counts.items():
        UnmatchedParty.objects.filter(pk=party).update(messages=F("messages") - messages)
    return gone


def forget_empty(party_ids: Iterable[int]) -> None:
    """Take parties for which nothing waits any more off the list."""
    UnmatchedParty.objects.filter(pk__in=set(party_ids), messages=0).delete()


def mark_due(parties: Iterable[UnmatchedParty]) -> None:
    """Have everything that these parties hold now read again by the next drain."""
    listed = list(parties)
    newest = HeldMessages.objects.filter(party__in=listed).order_by().values_list("party")
    newest_of = dict(newest.annotate(Max("id")))
    for party in listed:
        party.due_to = newest_of.get(party.pk)
    UnmatchedParty.objects.bulk_update(listed, ["due_to"])


def mark_matched(source: EventSource, directory: Directory, now: int, told: Told) -> None:
    """Mark parties due whose account, or whose group, has become known by what messages told.

    Groups with an account for which nothing waits leave the list.
    """
    known = {key for key in told.groups if directory.account_of_group(key) is not None}
    mine = UnmatchedParty.objects.filter(source=source)
    due = list(rows_of(mine.filter(kind=GROUP, messages__gt=0), "key", known))
    for party in rows_of(mine.filter(kind=GROUP, messages=0), "key", known):
        party.delete()
    formers = {*told.formers, *_formers_of(source, told.users)}
    people = list(rows_of(mine.filter(kind=USER), "key", told.users))
    people += rows_of(mine.filter(kind=ANONYMOUS), "key", formers)
    if people:
        load_people(directory, told.users, formers)
    mark_due([*due, *(party for party in people if is_matched(directory, party, now))])


def load_people(directory: Directory, users: set[str], formers: set[str]) -> None:
    """Read all that may say whose messages of these users and visitors are."""
    directory.load(users=users, formers=formers)
    names = {name for former in formers for name in directory.names_of(former)}
    directory.load_emails({*users, *formers, *names})


def is_matched(directory: Directory, party: UnmatchedParty, now: int) -> bool:
    """Whether messages of the party may find an account, or another party, when read again."""
    if party.kind == GROUP:
        return directory.account_of_group(party.key) is not None
    # Somebody who has left a group by now was in it when some of his messages were sent.
    if any(map(directory.is_member, (party.key, *directory.names_of(party.key)))):
        return True
    user, former = (party.key, "") if party.kind == USER else ("", party.key)
    return directory.whose("", user, former, now) != Party(party.kind, party.key)


class Told:
    """Of whom messages told something: group ids, user ids, and ids from before the sign-in."""

    def __init__(self) -> None:
        self.groups: set[str] = set()
        self.users: set[str] = set()
        self.formers: set[str] = set()


def _formers_of(source: EventSource, users: Iterable[str]) -> set[str]:
    found = KnownAs.objects.filter(source=source).values_list("former_key", "user_key")
    return {former for former, _user in rows_of(found, "user_key", users)}


def _parties(
    source: EventSource, waiting: Mapping[Party, Sequence[HeldMessage]]
) -> dict[Party, UnmatchedParty]:
    names = _names(source, waiting)
    mine = UnmatchedParty.objects.filter(source=source)
    found = {Party(p.kind, p.key): p for p in rows_of(mine, "key", {p.key for p in waiting})}
    new = []
    for party, messages in waiting.items():
        first, last = _between(messages)
        row = found.get(party)
        if row is None:
            row = UnmatchedParty(source=source, kind=party.kind, key=party.key, first_seen_at=first)
            row.last_seen_at, row.sample = last, _sample(messages[0])
            found[party] = row
            new.append(row)
        row.messages += len(messages)
        row.last_seen_at = max(row.last_seen_at, last)
        row.name, row.email = names.get(party, (row.name, row.email))
    UnmatchedParty.objects.bulk_create(new)
    changed = [found[party] for party in waiting if found[party] not in new]
    UnmatchedParty.objects.bulk_update(changed, _COUNTED, batch_size=500)
    return found


def _names(source: EventSource, parties: Iterable[Party]) -> dict[Party, tuple[str, str]]:
    """Name and mail address of parties, as far as identify and group calls told them."""
    keys: dict[str, set[str]] = defaultdict(set)
    for party in parties:
        keys[party.kind].add(party.key)
    names = {}
    for group in rows_of(KnownGroup.objects.filter(source=source), "group_key", keys[GROUP]):
        facts: dict[str, Any] = account_facts(values(group.traits))
        names[Party(GROUP, group.group_key)] = (str(facts.get("name", ""))[:300], "")
    people = Person.objects.filter(source=source)
    for kind in (USER, ANONYMOUS):
        for person in rows_of(people, "user_key", keys[kind]):
            facts = person_facts(values(person.traits))
            names[Party(kind, person.user_key)] = (facts.get("name", "")[:300], person.email)
    return names


def _between(messages: Sequence[HeldMessage]) -> tuple[datetime, datetime]:
    received = [one.received for one in messages]
    return time_of(min(received)), time_of(max(received))


def _sample(message: HeldMessage) -> dict[str, Any]:
    text = bytes(message.text)
    if len(text) > _MOST_SAMPLE:
        return {"beginning": text[:_MOST_SAMPLE].decode(errors="replace")}
    read: dict[str, Any] = msgspec.json.decode(text)
    return read
