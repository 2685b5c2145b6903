"""Accounts that come in many at once, from files and other systems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from banso.accounts.models import Account, AccountKey, Activity
from banso.accounts.rules import account_search_text
from banso.accounts.types import MANUAL_KINDS, ActivityKind
from banso.kit import clock
from banso.kit.text import company_key
from banso.workspace.policies import require
from banso.workspace.services import bulk
from banso.workspace.services.bulk_insert import insert_rows
from banso.workspace.types import Actor, RowResult

#: Entries of other kinds repeat what their own room keeps.
_TOLD_BY_PEOPLE = (*MANUAL_KINDS, ActivityKind.CANCELLATION)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as a source knows it.

    ``values`` are fields of an account; what is absent stays as it is. ``external_id`` may be
    empty where the source has no ids: then the name decides.
    """

    external_id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not written: a code and the values for its sentence."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def upsert_accounts(
    *,
    actor: Actor,
    source: str,
    rows: Sequence[AccountRow],
    dry_run: bool = False,
    settle: Callable[[AccountRow, Any], Mapping[str, Any]] | None = None,
) -> list[RowResult | Refused]:
    """Create or change accounts; the same rows again change nothing.

    An account is the same when the source's id is known; else when the 法人番号 is that of exactly
    one account which this source does not know yet; else, only for rows without an id, when the
    name without legal form is. More than one candidate is refused (``ambiguous-match``), never
    guessed.

    Args:
        settle: chooses from a row's values those to write over an account that is there already;
            all where it is absent.

    Returns:
        One result per row, in order.
    """
    require(actor, "accounts.load")
    finder = _Finder(source, rows)
    found = [finder.find(row) for row in rows]
    good = [(row, at) for row, at in zip(rows, found, strict=True) if not isinstance(at, Refused)]
    now = clock.now()
    results, accounts = bulk.upsert(
        Account,
        "account",
        [bulk.Row(at, settle(row, at) if settle and at else row.values) for row, at in good],
        new={"source": source, "created_at": now, "updated_at": now},
        touch={"updated_at": now},
        derive=_derived,
        dry_run=dry_run,
    )
    if not dry_run:
        _write_keys(source, [row for row, _ in good], accounts, finder.known)
    written = iter(results)
    return [at if isinstance(at, Refused) else next(written) for at in found]


@transaction.atomic
def undo_accounts(*, actor: Actor, changes: Iterable[bulk.Change]) -> bulk.Undone:
    """Take back what :func:`upsert_accounts` did, newest first; see ``bulk.undo``."""
    require(actor, "accounts.load")
    return bulk.undo(
        Account,
        changes,
        touch={"updated_at": clock.now()},
        derive=_derived,
        owned=(AccountKey,),
        counting={Activity: Q(kind__in=_TOLD_BY_PEOPLE)},
    )


class _Finder:
    """Finds the accounts of a chunk of rows with three queries in all."""

    def __init__(self, source: str, rows: Sequence[AccountRow]) -> None:
        ids = {row.external_id for row in rows if row.external_id}
        keys = AccountKey.objects.filter(source=source, external_id__in=ids)
        self.known = {key.external_id: key.account for key in keys.select_related("account")}
        self._source = source
        unknown = [row for row in rows if row.external_id not in self.known]
        self._by_number = self._group("corporate_number", unknown)
        nameless = [row for row in unknown if not row.external_id]
        self._by_name = self._group("name_key", nameless)
        self._taken: set[int] = set()

    def find(self, row: AccountRow) -> Account | Refused | None:
        if row.external_id in self.known:
            return self.known[row.external_id]
        number = row.values.get("corporate_number")
        candidates = self._by_number.get(number, []) if number else []
        if not candidates and not row.external_id:
            candidates = self._by_name.get(company_key(row.values.get("name", "")), [])
        # As if the rows came one by one: what an id has taken is no longer another's.
        candidates = [account for account in candidates if account.pk not in self._taken]
        if len(candidates) > 1:
            names = ", ".join(account.name for account in candidates[:3])
            value = row.external_id or number or row.values.get("name", "")
            return Refused("ambiguous-match", {"value": value, "names": names})
        if row.external_id:
            self._taken.update(account.pk for account in candidates)
        return candidates[0] if candidates else None

    def _group(self, column: str, rows: Iterable[AccountRow]) -> dict[str, list[Account]]:
        if column == "name_key":
            wanted = {company_key(row.values.get("name", "")) for row in rows}
        else:
            wanted = {row.values.get(column, "") for row in rows}
        wanted.discard("")
        groups: dict[str, list[Account]] = defaultdict(list)
        if wanted:
            # Two ids of one source are two records there, so only others' accounts can be the same.
            own = AccountKey.objects.filter(source=self._source).exclude(external_id="")
            same = Account.objects.filter(**{f"{column}__in": wanted})
            for account in same.exclude(pk__in=own.values("account_id")):
                groups[getattr(account, column)].append(account)
        return groups


def _derived(account: Account) -> dict[str, str]:
    return {
        "name_key": company_key(account.name)[:300],
        "search_text": account_search_text(vars(account)),
    }


def _write_keys(
    source: str,
    rows: Sequence[AccountRow],
    accounts: Sequence[Account],
    known: Mapping[str, Account],
) -> None:
    insert_rows(
        AccountKey,
        ("account_id", "source", "external_id"),
        [
            (account.pk, source, row.external_id)
            for row, account in zip(rows, accounts, strict=True)
            if row.external_id and row.external_id not in known
        ],
    )
