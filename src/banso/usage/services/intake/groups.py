"""From what group calls say to accounts: known, found again, or created."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from banso.accounts.selectors.external import (
    account_ids_by_domain,
    account_ids_by_name,
    accounts_known_to,
)
from banso.accounts.services.bulk import AccountRow, Refused, upsert_accounts
from banso.accounts.services.fields import ACCOUNT_CHECKS, Check
from banso.accounts.services.keys import learn_keys
from banso.kit.errors import InvalidInputError
from banso.usage.models import EventSource, KnownGroup, UnmatchedParty
from banso.usage.models.unmatched import GROUP
from banso.usage.rules.intake.describing import account_facts, further_facts
from banso.usage.rules.intake.folding import applying, settled, values
from banso.usage.rules.intake.requests import time_of
from banso.usage.services.intake.directory import Directory
from banso.usage.services.intake.lookups import rows_of
from banso.usage.services.suppression import erased_among
from banso.workspace.services import audit
from banso.workspace.types import SYSTEM, RowOutcome, RowResult


@dataclass
class Settled:
    """Accounts that were created or changed, and groups that got an account just now."""

    accounts: set[int] = field(default_factory=set)
    new_groups: set[str] = field(default_factory=set)


def settle_groups(
    source: EventSource, directory: Directory, group_keys: Iterable[str], now: int
) -> Settled:
    """Bring accounts up to date with what group calls said about them.

    A group is an account's when its id is known; else when exactly one account that this source
    has no id for has its domain, or else its name without legal form. Otherwise one is created,
    where the source may do so and a name is told, unless that account was erased. Fields
    that are empty are filled, and those that still hold what this source set follow it.
    """
    known = KnownGroup.objects.filter(source=source)
    groups = {group.group_key: group for group in rows_of(known, "group_key", group_keys)}
    directory.load(groups=groups)
    strange = {key for key in groups if directory.account_of_group(key) is None}
    erased = erased_among(source, strange)
    _recognise(source, directory, [groups[key] for key in sorted(strange - erased)])
    # Without a name no account is created, so that one that was erased does not come back.
    named = {key: {} if key in erased else _wanted(one) for key, one in sorted(groups.items())}
    done = _write(source, directory, groups, named)
    done.new_groups = {key for key in strange if directory.account_of_group(key) is not None}
    _list_unmatched(source, [groups[key] for key in strange - done.new_groups], now)
    return done


def checked_values(facts: dict[str, Any], checks: dict[str, Check]) -> dict[str, Any]:
    """The facts in the form in which fields keep them, without those that a field refuses."""
    found = {}
    for name, value in facts.items():
        try:
            found[name] = checks[name](value)
        except InvalidInputError:
            continue
    return {name: value for name, value in found.items() if value not in (None, "")}


def _recognise(source: EventSource, directory: Directory, groups: Sequence[KnownGroup]) -> None:
    """Find the accounts of groups that no id is known for, by domain or else by name."""
    facts = {group.group_key: _wanted(group) for group in groups}
    domains = account_ids_by_domain({one.get("domain", "") for one in facts.values()})
    names = account_ids_by_name({one.get("name", "") for one in facts.values()} - {""})
    candidates = {
        key: domains.get(one.get("domain", "")) or names.get(one.get("name", "")) or []
        for key, one in facts.items()
    }
    # Two ids of one source are two records there, so only others' accounts can be the same.
    taken = accounts_known_to(source.key, {a for found in candidates.values() for a in found})
    for key, found in candidates.items():
        free = [account for account in found if account not in taken]
        if len(free) == 1:
            taken.add(free[0])
            directory.learn_group(key, free[0])


def _write(
    source: EventSource,
    directory: Directory,
    groups: dict[str, KnownGroup],
    wanted: dict[str, dict[str, Any]],
) -> Settled:
    there = {
        key: account for key in groups if (account := directory.account_of_group(key)) is not None
    }
    learn_keys(actor=SYSTEM, source=source.key, keys=there)
    may_create = source.creates_accounts
    rows = [
        AccountRow(key, one)
        for key, one in wanted.items()
        if key in there or (may_create and one.get("name"))
    ]
    written: dict[str, dict[str, Any]] = {row.external_id: dict(row.values) for row in rows}

    def settle(row: AccountRow, account: Any) -> dict[str, Any]:
        applied = groups[row.external_id].applied
        chosen = written[row.external_id] = settled(vars(account), applied, row.values)
        return chosen

    results = upsert_accounts(actor=SYSTEM, source=source.key, rows=rows, settle=settle)
    return _learn_results(source, directory, groups, rows, results, written)


def _learn_results(
    source: EventSource,
    directory: Directory,
    groups: dict[str, KnownGroup],
    rows: Sequence[AccountRow],
    results: Sequence[RowResult | Refused],
    written: dict[str, dict[str, Any]],
) -> Settled:
    done = Settled()
    created: list[int] = []
    for row, result in zip(rows, results, strict=True):
        if isinstance(result, Refused) or result.record_id is None:
            continue
        directory.learn_group(row.external_id, result.record_id)
        if result.outcome is not RowOutcome.UNCHANGED:
            done.accounts.add(result.record_id)
            group = groups[row.external_id]
            group.applied = applying(group.applied, written[row.external_id])
        if result.outcome is RowOutcome.NEW:
            created.append(result.record_id)
    changed = [groups[row.external_id] for row in rows]
    KnownGroup.objects.bulk_update(changed, ["applied"], batch_size=500)
    if created:
        audit.record(
            SYSTEM, "accounts.from_events", "event_source", source.uid, after={"accounts": created}
        )
    return done


def _wanted(group: KnownGroup) -> dict[str, Any]:
    traits = values(group.traits)
    wanted = checked_values(account_facts(traits), ACCOUNT_CHECKS)
    further = further_facts(traits)
    return {**wanted, "attributes": further} if further else wanted


def _list_unmatched(source: EventSource, groups: Sequence[KnownGroup], now: int) -> None:
    """Put groups without an account on the list, even while none of their messages waits."""
    at = time_of(now)
    UnmatchedParty.objects.bulk_create(
        [
            UnmatchedParty(
                source=source,
                kind=GROUP,
                key=group.group_key,
                name=str(_wanted(group).get("name", "")),
                first_seen_at=at,
                last_seen_at=at,
                sample=values(group.traits),
            )
            for group in groups
        ],
        ignore_conflicts=True,
    )
