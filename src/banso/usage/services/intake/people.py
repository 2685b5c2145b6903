"""Learning from identify, group and alias calls, and from the B2B SaaS events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model

from banso.usage.models import EventSource, KnownAs, KnownGroup, Membership, Person
from banso.usage.rules.intake.describing import person_facts
from banso.usage.rules.intake.folding import Span, fold, values
from banso.usage.rules.intake.reading import Statement
from banso.usage.services.intake.holding import Told
from banso.usage.services.intake.lookups import rows_of

_SPAN = ("first_at", "last_at", "last_key")
_MOST_EMAIL = 254


def learn(source: EventSource, statements: Sequence[Statement]) -> Told:
    """Fold what messages say into what is known; their order and repetition do not matter."""
    told = Told()
    book = _Book(source, statements)
    for statement in statements:
        _HOW[statement.kind](book, statement)
        _note(told, statement)
    book.save()
    return told


class _Book:
    """The rows that statements are about: read once, changed in memory, written once."""

    def __init__(self, source: EventSource, statements: Sequence[Statement]) -> None:
        self._source = source
        people = {one.user or one.former for one in statements}
        formers = {one.former for one in statements if one.user}
        groups = {one.group for one in statements}
        self.people = {row.user_key: row for row in self._read(Person, "user_key", people)}
        self.groups = {row.group_key: row for row in self._read(KnownGroup, "group_key", groups)}
        self._members = {
            (row.user_key, row.group_key): row for row in self._read(Membership, "user_key", people)
        }
        self._links = {
            (row.former_key, row.user_key): row
            for row in self._read(KnownAs, "former_key", formers)
        }
        self._touched: dict[tuple[type[Model], Any], Any] = {}

    def describe_person(self, one: Statement) -> None:
        """Take traits of a user, or of a visitor."""
        key = one.user or one.former
        person = self.people.get(key)
        if not key:
            return
        if person is None:
            person = self.people[key] = Person(source=self._source, user_key=key)
        fold(person.traits, one.facts, one.at, one.key)
        email = person_facts(values(person.traits)).get("email", "")
        person.email = email.strip().lower()[:_MOST_EMAIL]
        self._touched[Person, key] = person

    def describe_group(self, one: Statement) -> None:
        """Take traits of a group."""
        if not one.group:
            return
        group = self.groups.get(one.group)
        if group is None:
            group = self.groups[one.group] = KnownGroup(source=self._source, group_key=one.group)
        fold(group.traits, one.facts, one.at, one.key)
        self._touched[KnownGroup, one.group] = group

    def link(self, one: Statement) -> None:
        """Note who a former id turned out to be."""
        if one.user and one.former and one.user != one.former:
            key = (one.former, one.user)
            row = self._seen(KnownAs, self._links, key, one)
            row.former_key, row.user_key = key

    def join(self, one: Statement) -> Membership | None:
        """Note that somebody was seen in a group; None where one of them has no name."""
        key = (one.user or one.former, one.group)
        if not all(key):
            return None
        row: Membership = self._seen(Membership, self._members, key, one)
        row.user_key, row.group_key = key
        return row

    def leave(self, one: Statement) -> None:
        """Note that somebody, who was in a group so far, was taken out of it."""
        row = self.join(one)
        if row is not None:
            span = Span(row.first_at, row.last_at, row.last_key, row.left_at)
            span.leave(one.at)
            row.left_at = span.left_at

    def save(self) -> None:
        """Write what was changed."""
        for model, unique, changed in (
            (Person, ["user_key"], ["email", "traits"]),
            (KnownGroup, ["group_key"], ["traits"]),
            (Membership, ["user_key", "group_key"], [*_SPAN, "left_at"]),
            (KnownAs, ["former_key", "user_key"], list(_SPAN)),
        ):
            rows = [row for (kind, _), row in self._touched.items() if kind is model]
            model._default_manager.bulk_create(
                rows,
                batch_size=500,
                update_conflicts=True,
                unique_fields=["source", *unique],
                update_fields=changed,
            )

    def _seen(self, model: type[Any], known: dict[Any, Any], key: Any, one: Statement) -> Any:
        row = known.get(key)
        if row is None:
            row = known[key] = model(
                source=self._source, first_at=one.at, last_at=one.at, last_key=one.key[:200]
            )
        span = Span(row.first_at, row.last_at, row.last_key)
        span.include(one.at, one.key[:200])
        row.first_at, row.last_at, row.last_key = span.first_at, span.last_at, span.last_key
        self._touched[model, key] = row
        return row

    def _read(self, model: type[Any], name: str, keys: Iterable[str]) -> list[Any]:
        return list(rows_of(model._default_manager.filter(source=self._source), name, keys))


def _identify(book: _Book, one: Statement) -> None:
    book.describe_person(one)
    book.link(one)


def _group(book: _Book, one: Statement) -> None:
    book.describe_group(one)
    book.join(one)
    book.link(one)


def _signed_up(book: _Book, one: Statement) -> None:
    book.describe_person(one)
    book.join(one)


def _created(book: _Book, one: Statement) -> None:
    book.describe_group(one)
    book.join(one)


def _alias(book: _Book, one: Statement) -> None:
    book.link(one)


def _join(book: _Book, one: Statement) -> None:
    book.join(one)


def _leave(book: _Book, one: Statement) -> None:
    book.leave(one)


def _nothing(_book: _Book, _one: Statement) -> None:
    """It says something about the account alone, which its timeline tells."""


_HOW: dict[str, Callable[[_Book, Statement], None]] = {
    "identify": _identify,
    "group": _group,
    "alias": _alias,
    "Signed Up": _signed_up,
    "Account Created": _created,
    "Account Added User": _join,
    "Account Removed User": _leave,
    "Account Deleted": _nothing,
    "Trial Started": _nothing,
    "Trial Ended": _nothing,
}


def _note(told: Told, one: Statement) -> None:
    told.groups.add(one.group)
    told.users.add(one.user or one.former)
    told.formers.add(one.former)
    for names in (told.groups, told.users, told.formers):
        names.discard("")
