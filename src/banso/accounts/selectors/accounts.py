"""Which accounts an actor may see, and finding one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from banso.accounts.models import Account, AccountKey, Activity, Contact, Task
from banso.accounts.types import Lifecycle
from banso.kit.errors import NotFoundError
from banso.kit.text import company_key, search_key
from banso.workspace.types import Actor

SIMILAR_LIMIT = 5


def visible(actor: Actor) -> QuerySet[Account]:
    """The accounts the actor may see: all, or only his own book where the company says so."""
    if not actor.restricted:
        return Account.objects.all()
    return Account.objects.filter(Q(cs_owner_id=actor.user_id) | Q(sales_owner_id=actor.user_id))


def account_by_uid(actor: Actor, uid: UUID) -> Account:
    """One account with its owners and parent.

    Raises:
        NotFoundError: it does not exist, or the actor may not know that it does.
    """
    found = (
        visible(actor).select_related("cs_owner", "sales_owner", "parent").filter(uid=uid).first()
    )
    if found is None:
        raise NotFoundError(_("This account does not exist."))
    return found


def accounts_by_ids(actor: Actor, ids: Iterable[int]) -> dict[int, Account]:
    """Those of the accounts that the actor may see, by id, with their owners."""
    rows = visible(actor).select_related("cs_owner", "sales_owner").filter(pk__in=list(ids))
    return {account.pk: account for account in rows}


def account_names_by_uid(actor: Actor, uids: Iterable[str]) -> dict[str, str]:
    """Public id to name of those of the accounts that the actor may see."""
    rows = visible(actor).filter(uid__in=list(uids)).values_list("uid", "name")
    return {str(uid): name for uid, name in rows}


def account_ids_by_uid(actor: Actor, uids: Iterable[str]) -> dict[int, str]:
    """Number to public id of those of the accounts that the actor may see."""
    rows = visible(actor).filter(uid__in=list(uids)).values_list("id", "uid")
    return {number: str(uid) for number, uid in rows}


def search(actor: Actor, q: str, limit: int = 20) -> list[Account]:
    """Accounts in whose names, domain, 法人番号 or source ids every word of ``q`` occurs.

    Width, case and katakana do not matter, and two Japanese characters are enough. An exact id of
    a source finds its account too. Names that start with the words come first, and customers
    before those who have left.
    """
    words = search_key(q).split()
    if not words:
        return []
    hit = Q()
    for word in words:
        hit &= Q(search_text__contains=word)
    by_key = AccountKey.objects.filter(external_id=q.strip()).values("account_id")
    found = visible(actor).filter(hit | Q(pk__in=by_key))
    begins = When(search_text__startswith=words[0], then=Value(0))
    gone = Case(When(lifecycle=Lifecycle.CHURNED, then=Value(1)), default=Value(0))
    return list(found.order_by(Case(begins, default=Value(1)), gone, "name", "id")[:limit])


def keys(account: Account) -> QuerySet[AccountKey]:
    """The ids under which sources know the account."""
    return AccountKey.objects.filter(account=account).order_by("source", "external_id")


def similar(
    actor: Actor,
    *,
    name: str = "",
    domain: str = "",
    corporate_number: str = "",
    but: Account | None = None,
) -> list[Account]:
    """Accounts that may be the same company: same 法人番号, domain, or name without legal form.

    Looks only among accounts the actor may see, so that nothing hidden shows through.
    """
    same = Q()
    if corporate_number:
        same |= Q(corporate_number=corporate_number)
    if domain:
        same |= Q(domain=domain)
    if key := company_key(name):
        same |= Q(name_key=key)
    if not same:
        return []
    found = visible(actor).filter(same)
    return list((found.exclude(pk=but.pk) if but else found)[:SIMILAR_LIMIT])


def segment_names(actor: Actor) -> list[str]:
    """The segments in use, such as Enterprise, Mid and SMB."""
    used = visible(actor).exclude(segment="").order_by("segment")
    return list(used.values_list("segment", flat=True).distinct())


def any_account() -> bool:
    """Whether this installation holds any account at all."""
    return Account.objects.exists()


def counts_of_source(source: str) -> dict[str, int]:
    """How many accounts came from a source, and how many people and entries belong to them."""
    found = Account.objects.filter(source=source)
    return {
        "accounts": found.count(),
        "contacts": Contact.objects.filter(account__source=source).count(),
        "activities": Activity.objects.filter(account__source=source).count(),
        "tasks": Task.objects.filter(account__source=source).count(),
    }
