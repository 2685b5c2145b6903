"""Finding accounts and people by what other systems call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from banso.accounts.models import Account, AccountKey, Activity, Contact
from banso.kit.text import company_key
from banso.workspace.services.many_keys import among


def account_ids_by_key(source: str, external_ids: Iterable[str]) -> dict[str, list[int]]:
    """Accounts known under the ids: those of the source, else those of any other source."""
    wanted = set(external_ids)
    keys = AccountKey.objects.values_list("external_id", "account_id")
    own = keys.filter(source=source, external_id__in=among(wanted))
    found = {external_id: [account] for external_id, account in own}
    others: dict[str, list[int]] = defaultdict(list)
    if missing := wanted - found.keys():
        for external_id, account in keys.filter(external_id__in=among(missing)):
            if account not in others[external_id]:
                others[external_id].append(account)
    return found | others


def ids_of_account(account_id: int) -> set[str]:
    """Everything that other systems call an account."""
    keys = AccountKey.objects.filter(account_id=account_id)
    return set(keys.values_list("external_id", flat=True))


def account_by_id(account_id: int) -> Account | None:
    """The account of a number, as rows of other rooms name it."""
    return Account.objects.filter(pk=account_id).first()


def contact_by_id(contact_id: int) -> Contact | None:
    """The person of a number."""
    return Contact.objects.filter(pk=contact_id).first()


def contacts_of_users(source: str, user_keys: Iterable[str]) -> list[int]:
    """People whom a source knows by the ids under which usage names them."""
    found = Contact.objects.filter(source=source, user_key__in=among(user_keys))
    return list(found.values_list("id", flat=True))


def account_ids_by_name(names: Iterable[str]) -> dict[str, list[int]]:
    """Accounts of the names, compared without legal form, width and case."""
    keys = {name: company_key(name) for name in names}
    found: dict[str, list[int]] = defaultdict(list)
    rows = Account.objects.filter(name_key__in=set(keys.values()) - {""})
    for key, account in rows.values_list("name_key", "id"):
        found[key].append(account)
    return {name: found[key] for name, key in keys.items() if found[key]}


def account_ids_by_domain(domains: Iterable[str]) -> dict[str, list[int]]:
    """Accounts by their domain, lower case."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = Account.objects.filter(domain__in=among(set(domains) - {""})).order_by("id")
    for domain, account in rows.values_list("domain", "id"):
        found[domain].append(account)
    return dict(found)


def accounts_known_to(source: str, account_ids: Iterable[int]) -> set[int]:
    """Those of the accounts that the source has an id for."""
    keys = AccountKey.objects.filter(source=source, account_id__in=list(account_ids))
    return set(keys.values_list("account_id", flat=True))


def account_names(ids: Iterable[int]) -> dict[int, str]:
    """Account id to name."""
    return dict(Account.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def contact_ids(account_ids: Iterable[int], texts: Iterable[str]) -> dict[tuple[int, str], int]:
    """People of the accounts by (account, lower-case mail, external id or user key)."""
    wanted = {text.lower() for text in texts if text}
    found: dict[tuple[int, str], int] = {}
    if not wanted:
        return found
    rows = Contact.objects.filter(account_id__in=list(account_ids)).order_by("-id")
    for pk, account, *names in rows.values_list(
        "id", "account_id", "user_key", "external_id", "email"
    ):
        for name in names:
            if name and name.lower() in wanted:
                found[account, name.lower()] = pk
    return found


def account_attributes(source: str) -> dict[int, tuple[str, dict[str, str]]]:
    """Account id to the source's id and the columns kept without a field of their own."""
    keys = AccountKey.objects.filter(source=source)
    rows = keys.values_list("account_id", "external_id", "account__attributes")
    return {account: (external_id, attributes) for account, external_id, attributes in rows}


def accounts_with_activity(source: str, kind: str) -> set[int]:
    """Accounts on whose timeline the source put an entry of the kind."""
    found = Activity.objects.filter(source=source, kind=kind).order_by()
    return set(found.values_list("account_id", flat=True).distinct())
