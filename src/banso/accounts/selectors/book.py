"""Accounts as few columns, for work that goes over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from banso.accounts.models import Account, AccountKey
from banso.accounts.selectors.accounts import visible
from banso.workspace.types import Actor

_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class BookRow:
    """What decides how an account is judged."""

    account_id: int
    segment: str
    lifecycle: str


def book_rows(account_ids: Sequence[int] | None = None) -> list[BookRow]:
    """All accounts, or those asked for, in the order of their ids."""
    found = Account.objects.order_by("id")
    if account_ids is not None:
        found = found.filter(pk__in=account_ids)
    return [BookRow(*row) for row in found.values_list("id", "segment", "lifecycle")]


def names_and_keys(
    account_ids: Sequence[int] | None = None,
) -> dict[int, tuple[UUID, str, str]]:
    """Account id to its public id, its name and the id of one source (the first that knew it)."""
    accounts, keys = Account.objects.order_by(), AccountKey.objects.order_by("-id")
    if account_ids is not None:
        accounts = accounts.filter(pk__in=account_ids)
        keys = keys.filter(account_id__in=account_ids)
    external = dict(keys.values_list("account_id", "external_id"))
    return {
        pk: (uid, name, external.get(pk, ""))
        for pk, uid, name in accounts.values_list("id", "uid", "name")
    }


def find_ids(reference: str) -> list[int]:
    """Accounts that somebody means by a public id, a source's id or the exact name."""
    text = reference.strip()
    by_key = AccountKey.objects.filter(external_id=text).values("account_id")
    meant = Q(pk__in=by_key) | Q(name=text)
    with suppress(ValueError):
        meant |= Q(uid=UUID(text))
    return list(Account.objects.filter(meant).order_by("id").values_list("id", flat=True))


def attribute_names(actor: Actor) -> list[str]:
    """Columns of the company's own files, as the newest 200 accounts have them."""
    recent = visible(actor).exclude(attributes={}).order_by("-id")
    found = recent.values_list("attributes", flat=True)[:_SAMPLE]
    return sorted({name for attributes in found for name in attributes})
