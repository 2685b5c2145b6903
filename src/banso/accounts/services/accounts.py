"""Adding accounts and changing their fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from banso.accounts.events import AccountChanged, AccountCreated
from banso.accounts.models import Account
from banso.accounts.rules import account_search_text
from banso.accounts.selectors import similar
from banso.accounts.services.fields import ACCOUNT_CHECKS, checked
from banso.accounts.services.owners import check_owner, record_owner_change
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry, Side
from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError
from banso.kit.text import company_key
from banso.workspace.policies import may, require
from banso.workspace.services import audit, events
from banso.workspace.services.records import take
from banso.workspace.types import Actor, Role

SIDES = {"cs_owner": Side.CS, "sales_owner": Side.SALES}
#: How far up the tree of parents a loop is looked for.
MAX_DEPTH = 50


class PossibleDuplicateError(ConflictError):
    """The company may be there already; ``matches`` are the accounts that look the same."""

    code = "possible-duplicate"

    def __init__(self, matches: list[Account]) -> None:
        super().__init__(
            _("There is already an account like this: %(names)s.")
            % {"names": ", ".join(account.name for account in matches)},
            remedy=_("Open it, or confirm that this is another company."),
        )
        self.matches = matches


def _image(account: Account, fields: Any) -> dict[str, Any]:
    values = {field: getattr(account, field) for field in sorted(fields)}
    return {
        field: getattr(value, "pk", value) if field in (*SIDES, "parent") else value
        for field, value in values.items()
    }


def _refresh_keys(account: Account) -> None:
    account.name_key = company_key(account.name)[:300]
    account.search_text = account_search_text(vars(account))


def _check_parent(account: Account, parent: Account | None) -> None:
    above = parent
    for _step in range(MAX_DEPTH):
        if above is None:
            return
        if above.pk == account.pk and account.pk is not None:
            break
        above = above.parent
    message = _("An account cannot stand above itself.")
    raise InvalidInputError(message, code="parent-loop", fields={"parent": message})


def _refuse_duplicates(actor: Actor, account: Account) -> None:
    matches = similar(
        actor,
        name=account.name,
        domain=account.domain,
        corporate_number=account.corporate_number,
        but=account if account.pk else None,
    )
    if matches:
        raise PossibleDuplicateError(matches)


def _own_side(actor: Actor) -> dict[str, int | None]:
    """A CSM or salesperson who adds an account becomes its owner on his side."""
    field = {Role.CSM: "cs_owner_id", Role.SALES: "sales_owner_id"}.get(actor.role)
    return {field: actor.user_id} if field else {}


@transaction.atomic
def create_account(
    *, actor: Actor, allow_duplicate: bool = False, source: str = "manual", **fields: Any
) -> Account:
    """Add an account.

    Raises:
        InvalidInputError: a field cannot be taken; ``fields`` says which and why.
        PossibleDuplicateError: an account with the same 法人番号, domain or name (without legal
            form) exists and ``allow_duplicate`` is not set.
    """
    require(actor, "accounts.create")
    values = checked({"name": "", **fields}, ACCOUNT_CHECKS)
    for field in SIDES.keys() & values.keys():
        check_owner(values[field])
    if not may(actor, "accounts.assign"):
        values = {k: v for k, v in values.items() if k not in SIDES} | _own_side(actor)
    now = clock.now()
    account = Account(**values, source=source, created_at=now, updated_at=now)
    _check_parent(account, account.parent)
    _refresh_keys(account)
    if not allow_duplicate:
        _refuse_duplicates(actor, account)
    account.save()
    audit.record(
        actor, "account.created", "account", account.uid, after=_image(account, ACCOUNT_CHECKS)
    )
    events.publish(AccountCreated(account.pk))
    return account


@transaction.atomic
def change_account(
    *, actor: Actor, account: Account, seen_at: datetime | None = None, **changes: Any
) -> Account:
    """Change fields of an account; a new owner or lifecycle stage goes onto the timeline.

    Args:
        seen_at: the account's ``updated_at`` when the person opened the form.

    Raises:
        ConflictError: somebody has changed the account since ``seen_at``.
        InvalidInputError: a field cannot be taken; ``fields`` says which and why.
    """
    take(account)
    _require_change(actor, account, changes)
    _check_unchanged(account, seen_at)
    values = checked(changes, ACCOUNT_CHECKS)
    values = {field: new for field, new in values.items() if getattr(account, field) != new}
    if not values:
        return account
    before, names = _image(account, values), _owner_names(account)
    for field in SIDES.keys() & values.keys():
        check_owner(values[field])
    if "parent" in values:
        _check_parent(account, values["parent"])
    for field, new in values.items():
        setattr(account, field, new)
    _refresh_keys(account)
    account.updated_at = clock.now()
    account.save()
    audit.record(
        actor, "account.changed", "account", account.uid,
        before=before, after=_image(account, values),
    )  # fmt: skip
    _note_changes(actor, account, values, before, names)
    events.publish(AccountChanged(account.pk, frozenset(values)))
    return account


def _require_change(actor: Actor, account: Account, changes: dict[str, Any]) -> None:
    if changes.keys() - SIDES.keys() or not changes:
        require(actor, "accounts.edit", account)
    if any(field in changes and changes[field] != getattr(account, field) for field in SIDES):
        require(actor, "accounts.assign", account)


def _check_unchanged(account: Account, seen_at: datetime | None) -> None:
    if seen_at is not None and account.updated_at != seen_at:
        raise ConflictError(
            _("Somebody else has changed this account since you opened it."),
            code="changed-meanwhile",
            remedy=_("Look at the present values and change them again."),
        )


def _owner_names(account: Account) -> dict[str, str]:
    owners = {field: getattr(account, field) for field in SIDES}
    return {field: owner.name if owner else "" for field, owner in owners.items()}


def _note_changes(
    actor: Actor,
    account: Account,
    values: dict[str, Any],
    before: dict[str, Any],
    names: dict[str, str],
) -> None:
    after = _owner_names(account)
    moved = [field for field in SIDES if field in values]
    record_owner_change(
        actor, [(account.pk, SIDES[field], names[field], after[field]) for field in moved]
    )
    if "lifecycle" in values:
        stage = Entry(
            account_id=account.pk,
            kind=ActivityKind.STAGE,
            happened_at=clock.now(),
            source="banso",
            external_id=f"stage:{uuid4()}",
            data={"from": before["lifecycle"], "to": account.lifecycle},
            author_id=actor.user_id,
        )
        record_entries([stage])
