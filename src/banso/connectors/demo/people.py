"""Contacts at the customers: roles, skills, consent, and the day they left."""

from __future__ import annotations

import random
from dataclasses import dataclass

from banso.connectors.demo.customers import ENTERPRISE, MID, SMB, Customers
from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.randomness import dice
from banso.connectors.demo.timeline import NEVER, Timeline
from banso.connectors.demo.users import user_key
from banso.connectors.demo.words import (
    FAMILY_NAMES,
    FOREIGN_FAMILY_NAMES,
    FOREIGN_GIVEN_NAMES,
    GIVEN_NAMES,
)

_ROLES = {
    SMB: ("champion", "decision_maker"),
    MID: ("champion", "operator", "decision_maker", "billing"),
    ENTERPRISE: ("champion", "operator", "operator", "admin", "decision_maker", "billing"),
}
_SIGNS_IN = frozenset({"champion", "operator", "admin"})
_TITLES = {
    "ja": {
        "champion": ("業務部", "業務部長"),
        "operator": ("工務課", "主任"),
        "admin": ("情報システム課", "システム担当"),
        "decision_maker": ("経営企画", "取締役"),
        "billing": ("経理部", "経理担当"),
    },
    "en": {
        "champion": ("Operations", "Head of Operations"),
        "operator": ("Field Service", "Dispatcher"),
        "admin": ("IT", "Systems Administrator"),
        "decision_maker": ("Management", "Managing Director"),
        "billing": ("Finance", "Accounts Payable"),
    },
}
_LITERACY_ODDS = {
    "admin": (0.05, 0.30, 0.65),
    "champion": (0.15, 0.50, 0.35),
    "operator": (0.35, 0.45, 0.20),
    "decision_maker": (0.45, 0.40, 0.15),
    "billing": (0.30, 0.50, 0.20),
}
_CONSENT_ODDS = {"yes": 0.62, "no": 0.18, "": 0.20}
_DEPARTURE_KNOWN = 0.75
"""A champion's departure that nobody writes down is what makes a CRM a messy place."""

_ORDINARY_DEPARTURE = 0.08


@dataclass(frozen=True)
class Person:
    """One contact; ``left`` is what really happened, ``left_known`` what the CRM holds."""

    number: int
    name: str
    kana: str
    email: str
    role: str
    department: str
    title: str
    literacy: str
    consent: str
    left: int
    left_known: bool
    user_key: str

    def external_id(self, account: int) -> str:
        """The id of the contact in every file."""
        return f"C{account + 1:05d}-{self.number}"


def _name(language: str, chance: random.Random) -> tuple[str, str, str]:
    if language == "ja":
        family, given = chance.choice(FAMILY_NAMES), chance.choice(GIVEN_NAMES)
        mail = f"{given.latin}.{family.latin}".lower()
        return f"{family.written} {given.written}", f"{family.kana} {given.kana}", mail
    first, last = chance.choice(FOREIGN_GIVEN_NAMES), chance.choice(FOREIGN_FAMILY_NAMES)
    return f"{first} {last}", "", f"{first}.{last}".lower()


def _departure(role: str, cause: Cause, onset: int, start: int, chance: random.Random) -> int:
    if role == "champion" and cause in (Cause.CHAMPION_LEFT, Cause.RECOVERED):
        return onset if onset < 0 else NEVER
    # Those who sign in leave with their seat, which the usage decides.
    if role not in _SIGNS_IN and chance.random() < _ORDINARY_DEPARTURE:
        day = chance.randint(-500, -5)
        return day if day > start + 60 else NEVER
    return NEVER


def _person(
    customers: Customers, index: int, number: int, role: str, left: int, chance: random.Random
) -> Person:
    language = customers.language(index)
    name, kana, local = _name(language, chance)
    department, title = _TITLES[language][role]
    literacy = chance.choices(("low", "mid", "high"), weights=_LITERACY_ODDS[role])[0]
    consent = chance.choices(tuple(_CONSENT_ODDS), weights=tuple(_CONSENT_ODDS.values()))[0]
    return Person(
        number=number + 1,
        name=name,
        kana=kana,
        email=f"{local}{number or ''}@{customers.domain[index]}",
        role=role,
        department=department,
        title=title,
        literacy=literacy,
        consent=consent,
        left=left,
        left_known=left < NEVER and chance.random() < _DEPARTURE_KNOWN,
        user_key=user_key(index, number) if role in _SIGNS_IN else "",
    )


def draw_people(customers: Customers, fates: Fates, seed: int, index: int) -> list[Person]:
    """The contacts of one account; the first is the champion."""
    chance = dice(seed, "people", index)
    cause = CAUSES[int(fates.cause[index])]
    roles = list(_ROLES[int(customers.segment[index])])
    if roles[-1] != "billing" and chance.random() < 0.35:
        roles.append("billing")
    people = []
    for number, role in enumerate(roles):
        onset, start = int(fates.onset[index]), int(customers.start[index])
        left = _departure(role, cause, onset, start, chance)
        people.append(_person(customers, index, number, role, left, chance))
    if cause is Cause.RECOVERED and fates.recover_on[index] < 0:
        successor = _person(customers, index, len(people), "champion", NEVER, chance)
        people.append(successor)
    return people


def contact_row(
    customers: Customers, index: int, person: Person, timeline: Timeline
) -> tuple[str, ...]:
    """The person as a row of the contacts file, in the order of ``CONTACT_COLUMNS``."""
    return (
        person.external_id(index),
        customers.external_id(index),
        person.name,
        person.kana,
        person.email,
        person.department,
        person.title,
        person.role,
        person.literacy,
        customers.language(index),
        person.consent,
        timeline.iso(person.left) if person.left_known else "",
        person.user_key,
    )


CONTACT_COLUMNS = (
    "external_id",
    "account_external_id",
    "name",
    "name_kana",
    "email",
    "department",
    "title",
    "role",
    "literacy",
    "language",
    "consent",
    "left_on",
    "user_key",
)
