"""The CSM's side of the story: kick-offs, regular talks, bad news, purchases, cancellations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from banso.connectors.demo import activity_texts as texts
from banso.connectors.demo import talk_texts
from banso.connectors.demo.contracts import Change, Contract
from banso.connectors.demo.customers import ENTERPRISE, MID, SMB, Customers
from banso.connectors.demo.entry import Entry
from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.moments import office_minute, written
from banso.connectors.demo.mood import Moods
from banso.connectors.demo.people import Person
from banso.connectors.demo.plans import ADD_ONS, PLANS
from banso.connectors.demo.randomness import dice
from banso.connectors.demo.timeline import DAYS, NEVER, Timeline

ACTIVITY_COLUMNS = (
    "external_id",
    "account_external_id",
    "contact_external_id",
    "kind",
    "happened_at",
    "title",
    "body",
    "author_email",
)
_TALK_EVERY = {SMB: 150, MID: 72, ENTERPRISE: 34}
"""Days between regular talks: the touch model of the demo company."""


@dataclass(frozen=True)
class Happening:
    """Something that a CSM writes down about an account on a day."""

    day: int
    entry: Entry
    contact: Person | None = None
    detail: str = ""


@dataclass(frozen=True)
class Story:
    """Everything about one account that its CSM could know."""

    index: int
    segment: int
    cause: Cause
    start: int
    onset: int
    notice_on: int
    recover_on: int
    end: int
    contract: Contract
    people: list[Person]
    moods: Moods

    def reachable(self, day: int, chance: random.Random) -> Person | None:
        """Somebody who can be talked to on a day."""
        present = [person for person in self.people if person.left > day]
        return chance.choice(present) if present else None


def _onboarding(story: Story, chance: random.Random) -> Iterator[Happening]:
    champion = story.people[0]
    yield Happening(story.start + chance.randint(5, 14), texts.KICKOFF, champion)
    yield Happening(story.start + chance.randint(20, 34), texts.SETUP, champion)
    if story.cause is Cause.FAILED_ONBOARDING:
        for step, entry in enumerate(texts.STUCK):
            yield Happening(story.start + 48 + 40 * step + chance.randint(0, 14), entry, champion)
    else:
        yield Happening(story.start + chance.randint(55, 85), texts.LIVE, champion)


def _tone(mood: float, cause: Cause, chance: random.Random) -> tuple[Entry, ...]:
    if cause is Cause.SILENT:
        return talk_texts.SILENT
    if cause is Cause.SEASONAL and chance.random() < 0.2:
        return talk_texts.QUIET_SEASON
    noisy = mood + chance.gauss(0, 0.07)
    if noisy > 0.74:
        return talk_texts.GOOD
    return talk_texts.MIXED if noisy > 0.58 else talk_texts.BAD


def _talks(story: Story, factor: float, chance: random.Random) -> Iterator[Happening]:
    every = _TALK_EVERY[story.segment] / factor
    day = max(story.start + 95, -DAYS + 3) + chance.randint(0, round(every))
    last: Entry | None = None
    while day < story.end:
        choices = _tone(story.moods.at(story.index, day), story.cause, chance)
        # Nobody writes the same sentence twice in a row, unless there is no other.
        last = chance.choice([entry for entry in choices if entry is not last] or choices)
        yield Happening(day, last, story.reachable(day, chance))
        day += max(7, round(chance.uniform(0.75, 1.25) * every))


def _bad_news(story: Story, chance: random.Random) -> Iterator[Happening]:
    """What shows of the hidden cause; often late, and often not at all."""
    champion = story.people[0]
    seen_on = story.onset + chance.randint(8, 40)
    if story.cause in (Cause.CHAMPION_LEFT, Cause.RECOVERED) and champion.left_known:
        yield Happening(seen_on, texts.CHAMPION_GONE, champion)
    if story.cause is Cause.RECOVERED and len(story.people) > 1 and story.recover_on < 0:
        yield Happening(story.recover_on - 5, texts.NEW_CHAMPION, story.people[-1])
    if story.cause is Cause.SUPPORT_CRISIS:
        yield Happening(story.onset + chance.randint(12, 35), texts.COMPLAINT, champion)
    hints = {Cause.PRICE: texts.PRICE_HINT, Cause.COMPETITOR: texts.COMPETITOR_HINT}
    if story.cause in hints and chance.random() < 0.4:
        day = story.notice_on - chance.randint(5, 35)
        yield Happening(day, hints[story.cause], story.reachable(day, chance))
    if story.cause is Cause.BANKRUPTCY:
        yield Happening(story.notice_on - chance.randint(0, 6), texts.INSOLVENCY)


def _detail(change: Change, language: str) -> str:
    if change.kind == "upgrade":
        return PLANS[change.terms.plan].name
    if change.kind == "add_on":
        return ADD_ONS[change.terms.add_ons[-1]].name
    return f"{change.terms.seats}席" if language == "ja" else str(change.terms.seats)


def _purchases(story: Story, language: str, chance: random.Random) -> Iterator[Happening]:
    for change in story.contract.changes[1:]:
        # People agree before the contract changes.
        day = change.on - chance.randint(4, 20)
        entry = texts.PURCHASES[change.kind]
        yield Happening(day, entry, story.reachable(day, chance), _detail(change, language))


def _notice(story: Story, chance: random.Random) -> Iterator[Happening]:
    if story.notice_on < NEVER:
        ja, en = texts.NOTICES[story.cause.value]
        title_ja, title_en = texts.NOTICE_TITLE
        entry = Entry("cancellation", (title_ja, ja), (title_en, en))
        yield Happening(story.notice_on, entry, story.reachable(story.notice_on, chance))


def _row(
    customers: Customers, story: Story, number: int, minute: int, item: Happening, written_at: str
) -> tuple[str, ...]:
    language = customers.language(story.index)
    title, body = item.entry.ja if language == "ja" else item.entry.en
    name = (
        item.contact.name if item.contact else ("ご担当者" if language == "ja" else "the customer")
    )
    return (
        f"V{story.index + 1:05d}-{number + 1:03d}",
        customers.external_id(story.index),
        item.contact.external_id(story.index) if item.contact else "",
        item.entry.kind,
        written_at,
        title,
        body.format(contact=name, detail=item.detail),
        customers.cs_owner[story.index],
    )


def _story(
    customers: Customers,
    fates: Fates,
    moods: Moods,
    contract: Contract,
    people: list[Person],
    index: int,
) -> Story:
    return Story(
        index=index,
        segment=int(customers.segment[index]),
        cause=CAUSES[int(fates.cause[index])],
        start=int(customers.start[index]),
        onset=int(fates.onset[index]),
        notice_on=int(fates.notice_on[index]),
        recover_on=int(fates.recover_on[index]),
        end=min(int(fates.churn_on[index]), 0),
        contract=contract,
        people=people,
        moods=moods,
    )


def draw_activities(
    customers: Customers,
    fates: Fates,
    moods: Moods,
    contracts: list[Contract],
    people: list[list[Person]],
    timeline: Timeline,
    seed: int,
    factor: float,
) -> Iterator[tuple[str, ...]]:
    """Rows of the activities file, account by account in order of time."""
    for index in range(len(customers)):
        chance = dice(seed, "activities", index)
        story = _story(customers, fates, moods, contracts[index], people[index], index)
        items = [
            *_onboarding(story, chance),
            *_talks(story, factor, chance),
            *_bad_news(story, chance),
            *_purchases(story, customers.language(index), chance),
            *_notice(story, chance),
        ]
        timed = [
            (office_minute(item.day, timeline, chance), item)
            for item in items
            # A weekend is moved back by up to two days, so the first days are left out.
            if -DAYS + 3 <= item.day < 0 and _while_customer(story, item)
        ]
        timed.sort(key=lambda pair: pair[0])
        for number, (minute, item) in enumerate(timed):
            yield _row(customers, story, number, minute, item, written(minute, timeline))


def _while_customer(story: Story, item: Happening) -> bool:
    back = item.entry is texts.PURCHASES["return"]
    return back or story.start <= item.day < story.end
