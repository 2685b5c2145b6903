"""Whose a message is: its account, and the person behind an id from before the sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from banso.accounts.selectors.external import account_ids_by_domain, account_ids_by_key
from banso.usage.models import EventSource, KnownAs, MatchRule, Membership, Person
from banso.usage.models.unmatched import ANONYMOUS, DOMAIN, GROUP, USER
from banso.usage.rules.intake.describing import mail_domain
from banso.usage.rules.intake.folding import Span, holding
from banso.usage.services.intake.lookups import rows_of

_SPAN = ("first_at", "last_at", "last_key")
Spans = dict[str, list[tuple[str, Span]]]


@dataclass(frozen=True, slots=True)
class Party:
    """Who a message waits for while no account is known: a group, a user or a visitor."""

    kind: str
    key: str


class Directory:
    """What one source knows about groups and people; load first what is to be asked.

    The account of a message is that of its group id; else of the group that its user was seen in
    last before it; else what a person's rule says; else the one with the domain of his mail.
    """

    def __init__(self, source: EventSource) -> None:
        self._source = source
        rules = MatchRule.objects.filter(source=source).values_list("kind", "key", "account_id")
        self._rules = {(kind, key): account for kind, key, account in rules}
        self._groups: dict[str, int | None] = {}
        self._members: Spans = {}
        self._known_as: Spans = {}
        self._emails: dict[str, str] = {}
        self._domains: dict[str, int | None] = {}

    def load(
        self,
        *,
        groups: Iterable[str] = (),
        users: Iterable[str] = (),
        formers: Iterable[str] = (),
    ) -> None:
        """Read what is known about these group ids, user ids and ids from before the sign-in."""
        former = {key for key in formers if key}
        self._load_known_as(former)
        people = {*users, *former, *(name for key in former for name in self.names_of(key))}
        self._load_members(people - {""})
        named = {group for key in people for group, _ in self._members.get(key, ())}
        self._load_groups({*groups, *named} - {""})

    def load_emails(self, users: Iterable[str], others: Iterable[str] = ()) -> None:
        """Read mail addresses of users, and which accounts their domains and others' stand for."""
        people = Person.objects.filter(source=self._source).values_list("user_key", "email")
        new = set(users) - self._emails.keys()
        self._emails |= dict.fromkeys(new, "") | dict(rows_of(people, "user_key", new))
        if self._source.matches_domains:
            self._load_domains({*others, *(self._emails[user] for user in new)})

    def names_of(self, former: str) -> list[str]:
        """Everybody that an id from before the sign-in turned out to be."""
        return [name for name, _ in self._known_as.get(former, ())]

    def is_member(self, user: str) -> bool:
        """Whether the user was ever seen in a group."""
        return bool(self._members.get(user))

    def user_key(self, user: str, former: str, at: int) -> str:
        """Who did it: the user, else who the former id turned out to be, else the former id."""
        return user or holding(self._known_as.get(former, ()), at) or former

    def account_of_group(self, group: str) -> int | None:
        """The account of a group id."""
        return self._groups.get(group)

    def learn_group(self, group: str, account: int) -> None:
        """Note the account that a group was given just now."""
        self._groups[group] = account

    def whose(self, group: str, user: str, former: str, at: int, email: str = "") -> int | Party:
        """The account of a message, or the party it waits for."""
        if group:
            return self._groups.get(group) or Party(GROUP, group)
        person = self.user_key(user, former, at)
        member_of = self._group_of(person, at) or self._group_of(former, at)
        if member_of:
            return self._groups.get(member_of) or Party(GROUP, member_of)
        account = self._by_rule(user, former, person) or self._by_domain(person, email)
        return account or (Party(USER, user) if user else Party(ANONYMOUS, former))

    def accounts_of_person(self, person: str) -> list[int]:
        """The accounts of a person: of all groups he was ever in, else by rule or mail domain."""
        groups = self._members.get(person)
        if not groups:
            account = self._by_rule(person, "", person) or self._by_domain(person, "")
            return [account] if account else []
        found = {self._groups.get(name) for name, _ in groups}
        return sorted(account for account in found if account)

    def _group_of(self, person: str, at: int) -> str:
        spans = self._members.get(person)
        return holding(spans, at) if spans else ""

    def _by_rule(self, user: str, former: str, person: str) -> int | None:
        asked = ((USER, user), (USER, person), (ANONYMOUS, former))
        return next((self._rules[one] for one in asked if one in self._rules), None)

    def _by_domain(self, person: str, email: str) -> int | None:
        for address in (self._emails.get(person, ""), email):
            domain = mail_domain(address) if address else ""
            account = self._rules.get((DOMAIN, domain)) or self._domains.get(domain)
            if domain and account:
                return account
        return None

    def _load_domains(self, emails: Iterable[str]) -> None:
        new = {mail_domain(email) for email in emails} - self._domains.keys() - {""}
        found = account_ids_by_domain(new) if new else {}
        self._domains |= {name: _only(found.get(name, [])) for name in new}

    def _load_groups(self, groups: set[str]) -> None:
        new = groups - self._groups.keys()
        found = account_ids_by_key(self._source.key, new) if new else {}
        for group in new:
            account = _only(found.get(group, []))
            self._groups[group] = account or self._rules.get((GROUP, group))

    def _load_members(self, people: set[str]) -> None:
        found = Membership.objects.filter(source=self._source)
        columns = found.values_list("user_key", "group_key", *_SPAN, "left_at")
        new = people - self._members.keys()
        self._members |= {key: [] for key in new}
        for user, group, *span in rows_of(columns, "user_key", new):
            self._members[user].append((group, Span(*span)))

    def _load_known_as(self, formers: set[str]) -> None:
        found = KnownAs.objects.filter(source=self._source)
        columns = found.values_list("former_key", "user_key", *_SPAN)
        new = formers - self._known_as.keys()
        self._known_as |= {key: [] for key in new}
        for former, user, *span in rows_of(columns, "former_key", new):
            self._known_as[former].append((user, Span(*span)))


def _only(accounts: list[int]) -> int | None:
    """The account when there is exactly one; of several nobody may guess."""
    return accounts[0] if len(accounts) == 1 else None
