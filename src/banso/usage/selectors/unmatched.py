"""Reads of senders that nobody knows yet, and of what people have said about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from banso.accounts.selectors import accounts_by_ids
from banso.accounts.selectors.external import account_ids_by_domain, account_ids_by_name
from banso.kit.errors import NotFoundError
from banso.usage.models import MatchRule, UnmatchedParty
from banso.workspace.types import Actor

#: Domains shown for matching in bulk; below so many parties it is not worth it.
DOMAINS, FEWEST = 10, 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An account that a sender may belong to; ``why`` is domain or name."""

    account_id: int
    name: str
    uid: UUID
    why: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A mail domain that several unmatched users of a source share."""

    domain: str
    source_id: int
    parties: int
    messages: int


def parties(
    *, kind: str = "", source_id: int | None = None, ignored: bool = False
) -> QuerySet[UnmatchedParty]:
    """Senders that wait, those with the latest message first; or those that are ignored."""
    found = UnmatchedParty.objects.filter(ignored_at__isnull=not ignored).select_related("source")
    if kind:
        found = found.filter(kind=kind)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    return found.order_by("-last_seen_at", "-id")


def count_parties() -> int:
    """How many senders wait to be matched."""
    return UnmatchedParty.objects.filter(ignored_at=None).count()


def count_held() -> int:
    """How many messages wait for their sender to be matched."""
    waiting = UnmatchedParty.objects.filter(ignored_at=None)
    return int(waiting.aggregate(held=Sum("messages", default=0))["held"])


def party_by_uid(uid: UUID) -> UnmatchedParty:
    """One sender.

    Raises:
        NotFoundError: it has been matched meanwhile.
    """
    found = UnmatchedParty.objects.filter(uid=uid).select_related("source").first()
    if found is None:
        raise NotFoundError(_("This sender is no longer waiting to be matched."))
    return found


def domain_of(email: str) -> str:
    """The part of a mail address after its sign, in lower case."""
    return email.rpartition("@")[2].lower()


def suggestions(actor: Actor, found: Iterable[UnmatchedParty]) -> dict[int, Suggestion]:
    """Party to the one account that its mail domain, or else its name, speaks for."""
    listed = list(found)
    domains = {party.pk: domain_of(party.email) for party in listed if party.email}
    names = {party.pk: party.name or party.key for party in listed if party.kind == "group"}
    chosen = _only(names, account_ids_by_name(names.values()), "name")
    chosen |= _only(domains, account_ids_by_domain(domains.values()), "domain")
    known = accounts_by_ids(actor, {account for account, _why in chosen.values()})
    return {
        party: Suggestion(account, known[account].name, known[account].uid, why)
        for party, (account, why) in chosen.items()
        if account in known
    }


def _only(
    words: dict[int, str], accounts: dict[str, list[int]], why: str
) -> dict[int, tuple[int, str]]:
    """Party to account where the party's word stands for exactly one."""
    found = {party: accounts.get(word, []) for party, word in words.items()}
    return {party: (ids[0], why) for party, ids in found.items() if len(ids) == 1}


def shared_domains() -> list[Domain]:
    """Mail domains that several waiting users of one source share, the most frequent first."""
    waiting = UnmatchedParty.objects.filter(ignored_at=None).exclude(email="")
    users: Counter[tuple[str, int]] = Counter()
    messages: Counter[tuple[str, int]] = Counter()
    for email, source, held in waiting.values_list("email", "source_id", "messages").iterator():
        place = (domain_of(email), source)
        users[place] += 1
        messages[place] += held
    return [
        Domain(domain, source, count, messages[domain, source])
        for (domain, source), count in users.most_common(DOMAINS)
        if count >= FEWEST
    ]


def match_rules() -> Sequence[MatchRule]:
    """What people have said about senders, the newest first."""
    return list(MatchRule.objects.select_related("source", "account", "created_by").order_by("-id"))


def rule_by_uid(uid: UUID) -> MatchRule:
    """One rule.

    Raises:
        NotFoundError: it was taken back meanwhile.
    """
    found = MatchRule.objects.filter(uid=uid).select_related("source", "account").first()
    if found is None:
        raise NotFoundError(_("This rule has been taken back."))
    return found
