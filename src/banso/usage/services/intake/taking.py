"""What one transaction of the drain does with the messages of one source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry
from banso.usage.models import EventSource
from banso.usage.rules.intake.moments import Moments
from banso.usage.rules.intake.reading import Columns, Read, Statement
from banso.usage.rules.intake.requests import HeldMessage, Request, held, time_of
from banso.usage.rules.intake.seen import Digests, SeenKeys, digests
from banso.usage.services.intake.contacts import members_of, settle_contacts
from banso.usage.services.intake.directory import Directory, Party
from banso.usage.services.intake.groups import settle_groups
from banso.usage.services.intake.holding import hold, mark_matched
from banso.usage.services.intake.keeping import KnownFeatures, keep_rows, rows_of
from banso.usage.services.intake.people import learn

#: Events that stand on the account's timeline.
_ON_TIMELINE = frozenset({"Account Created", "Account Deleted", "Trial Started", "Trial Ended"})
ACCEPTED, DUPLICATE, HELD = 0, 1, 2
_NO_ACCOUNT = -1


@dataclass
class Taken:
    """What became of one source's messages; ``outcomes`` is in step with the events' columns."""

    source: EventSource
    events: Columns
    outcomes: NDArray[np.int8]
    accounts_of: NDArray[np.int64]
    kept_digests: Digests
    batch: tuple[int, pa.Table] | None = None
    accounts: set[int] = field(default_factory=set)
    statements: list[Statement] = field(default_factory=list)
    clamped: int = 0


def take(
    source: EventSource,
    read: Read,
    requests: Sequence[Request],
    seen: SeenKeys,
    features: KnownFeatures,
    now: int,
) -> Taken:
    """Learn about people first, then keep events whose account is known and hold the others."""
    directory = Directory(source)
    clamped = read.date_statements()
    accounts = _learn(source, directory, read.statements, now)
    events = Columns.of(read.events)
    happened, set_right = events.happened()
    marks = digests(source.key, events.key)
    unseen = seen.unseen(marks)
    accounts_of, waiting = _find_accounts(directory, events, happened, unseen, requests)
    kept = unseen & (accounts_of != _NO_ACCOUNT)
    outcomes = np.where(kept, ACCEPTED, np.where(unseen, HELD, DUPLICATE)).astype(np.int8)
    taken = Taken(source, events, outcomes, accounts_of, marks[kept], None, accounts)
    taken.statements, taken.clamped = read.statements, clamped + set_right
    if kept.any():
        rows = rows_of(source, events, accounts_of, happened, kept)
        taken.batch = (keep_rows(source, rows), rows)
        features.note(rows)
    if waiting:
        hold(source, waiting)
    return taken


def _learn(
    source: EventSource, directory: Directory, statements: list[Statement], now: int
) -> set[int]:
    """Take in what messages say about people and groups; returns the accounts that changed."""
    if not statements:
        return set()
    told = learn(source, statements)
    described = settle_groups(source, directory, told.groups, now)
    people = told.users | members_of(source, described.new_groups)
    accounts = described.accounts | settle_contacts(source, directory, people)
    mark_matched(source, directory, now, told)
    entries = [one for one in statements if one.kind in _ON_TIMELINE]
    directory.load(groups=[one.group for one in entries])
    return accounts | _write_entries(source, directory, entries)


def _write_entries(
    source: EventSource, directory: Directory, statements: Sequence[Statement]
) -> set[int]:
    found = [(directory.account_of_group(one.group), one) for one in statements]
    entries = [
        Entry(
            account_id=account,
            kind=ActivityKind.USAGE,
            happened_at=time_of(one.at),
            source=source.key,
            external_id=f"event:{one.key}"[:200],
            title=one.kind,
        )
        for account, one in found
        if account is not None
    ]
    record_entries(entries)
    return {entry.account_id for entry in entries}


def _find_accounts(
    directory: Directory,
    events: Columns,
    happened: Moments,
    unseen: NDArray[np.bool_],
    requests: Sequence[Request],
) -> tuple[NDArray[np.int64], dict[Party, list[HeldMessage]]]:
    """The account of each event, −1 where there is none, and the messages that wait for one.

    Fills in the users of events that name only an id from before the sign-in.
    """
    _load(directory, events)
    count = len(events.key)
    found = np.full(count, _NO_ACCOUNT, dtype=np.int64)
    waiting: dict[Party, list[HeldMessage]] = defaultdict(list)
    groups, users, formers = events.group, events.user, events.former
    emails, moments = events.email, happened.tolist()
    account_of_group = directory.account_of_group
    for at in np.flatnonzero(unseen).tolist():
        group, user = groups[at], users[at]
        account = account_of_group(group) if group else None
        if account is None:
            whose = directory.whose(group, user, formers[at], moments[at], emails[at])
            if isinstance(whose, Party):
                message = held(requests[events.request[at]], events.position[at])
                waiting[whose].append(message)
                continue
            account = whose
        found[at] = account
        if not user:
            users[at] = directory.user_key("", formers[at], moments[at])
    return found, dict(waiting)


def _load(directory: Directory, events: Columns) -> None:
    """Read what the events will ask for: of most, whose groups say all, only the groups."""
    unnamed = {events.former[at] for at, user in enumerate(events.user) if not user}
    lone = [at for at, group in enumerate(events.group) if not group]
    users = {events.user[at] for at in lone}
    directory.load(groups=set(events.group), users=users, formers=unnamed)
    strange = [at for at in lone if not directory.is_member(events.user[at])]
    if strange:
        directory.load(formers={events.former[at] for at in strange})
        people = {events.user[at] or events.former[at] for at in strange}
        known_as = {name for key in people for name in directory.names_of(key)}
        directory.load_emails({*people, *known_as}, {events.email[at] for at in strange})
