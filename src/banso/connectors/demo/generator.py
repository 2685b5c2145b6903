"""Writes the demo company's files into a directory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from banso.connectors.demo import tables
from banso.connectors.demo.accounts import (
    ACCOUNT_COLUMNS,
    SUBSCRIPTION_COLUMNS,
    account_rows,
    subscription_rows,
)
from banso.connectors.demo.activities import ACTIVITY_COLUMNS, draw_activities
from banso.connectors.demo.contracts import Contract, draw_contract
from banso.connectors.demo.customers import Customers, draw_customers
from banso.connectors.demo.engagement import draw_engagement
from banso.connectors.demo.fates import Fates, draw_fates
from banso.connectors.demo.features import feature_rows
from banso.connectors.demo.mood import Moods, draw_moods
from banso.connectors.demo.people import CONTACT_COLUMNS, Person, contact_row, draw_people
from banso.connectors.demo.project import project_text
from banso.connectors.demo.sentiments import draw_sentiments
from banso.connectors.demo.sizes import SIZES, Size, SizeName
from banso.connectors.demo.surveys import NPS_COLUMNS, draw_answers
from banso.connectors.demo.team import team_rows
from banso.connectors.demo.tickets import TICKET_COLUMNS, draw_tickets
from banso.connectors.demo.timeline import Floats, Timeline
from banso.connectors.demo.truth import truth_rows
from banso.connectors.demo.usage import draw_usage

DEFAULT_SEED = 20


@dataclass(frozen=True)
class DemoFiles:
    """Where the files lie, and how many rows each table has."""

    project: Path
    accounts: Path
    contacts: Path
    subscriptions: Path
    usage: Path
    tickets: Path
    nps: Path
    activities: Path
    team: Path
    features: Path
    sentiments: Path
    truth: Path
    rows: dict[str, int]


@dataclass(frozen=True)
class World:
    """Everything that was decided before any file is written."""

    size: Size
    seed: int
    timeline: Timeline
    customers: Customers
    fates: Fates
    engagement: Floats
    moods: Moods
    contracts: list[Contract]
    people: list[list[Person]]


def draw_world(size: SizeName, today: date, seed: int) -> World:
    """Decide customers, fates, contracts and people."""
    timeline = Timeline(today)
    customers = draw_customers(SIZES[size], timeline, seed)
    fates = draw_fates(customers, timeline, seed)
    engagement = draw_engagement(fates, seed)
    accounts = range(len(customers))
    return World(
        size=SIZES[size],
        seed=seed,
        timeline=timeline,
        customers=customers,
        fates=fates,
        engagement=engagement,
        moods=draw_moods(fates, engagement, seed),
        contracts=[
            draw_contract(customers, fates, engagement, timeline, seed, i) for i in accounts
        ],
        people=[draw_people(customers, fates, seed, i) for i in accounts],
    )


def _write_customers(world: World, files: DemoFiles) -> dict[str, int]:
    customers, fates, timeline = world.customers, world.fates, world.timeline
    accounts = account_rows(customers, fates, world.contracts, timeline)
    contacts = (
        contact_row(customers, index, person, timeline)
        for index, people in enumerate(world.people)
        for person in people
    )
    lines = subscription_rows(customers, world.contracts, timeline)
    return {
        "accounts": tables.write_table(files.accounts, ACCOUNT_COLUMNS, accounts),
        "contacts": tables.write_table(files.contacts, CONTACT_COLUMNS, contacts),
        "subscriptions": tables.write_table(files.subscriptions, SUBSCRIPTION_COLUMNS, lines),
    }


def _write_facts(world: World, files: DemoFiles) -> dict[str, int]:
    shared = (world.customers, world.fates, world.moods)
    rest = (world.people, world.timeline, world.seed)
    factor = world.size.touch_factor
    usage = draw_usage(
        world.customers,
        world.fates,
        world.engagement,
        world.contracts,
        world.timeline,
        world.seed,
    )
    activities = draw_activities(*shared, world.contracts, *rest, factor)
    return {
        "usage": tables.write_usage(files.usage, usage, world.customers, world.timeline),
        "tickets": tables.write_table(
            files.tickets, TICKET_COLUMNS, draw_tickets(*shared, *rest, factor)
        ),
        "nps": tables.write_table(files.nps, NPS_COLUMNS, draw_answers(*shared, *rest)),
        "activities": tables.write_table(files.activities, ACTIVITY_COLUMNS, activities),
    }


def _write_records(world: World, files: DemoFiles) -> None:
    customers, fates, timeline = world.customers, world.fates, world.timeline
    tables.write_json(files.team, team_rows())
    tables.write_json(files.features, feature_rows())
    opinions = draw_sentiments(customers, fates, world.moods, timeline, world.seed)
    tables.write_json(files.sentiments, opinions)
    tables.write_json(files.truth, truth_rows(customers, fates, timeline))
    files.project.write_text(project_text(), encoding="utf-8", newline="\n")


def generate(
    out_dir: Path, *, today: date, size: SizeName = "normal", seed: int = DEFAULT_SEED
) -> DemoFiles:
    """Write the demo company as of a day; the same arguments give byte-identical files.

    Args:
        out_dir: created if missing; files of an earlier run are replaced.
        today: the first day without data. Nothing is dated later, except terms that run on and
            the ends of contracts under notice.
        size: ``normal`` (400 accounts) or ``large`` (10,000 accounts).
        seed: another seed gives another company.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    tables_of = ("accounts", "contacts", "subscriptions", "usage", "tickets", "nps", "activities")
    records = ("team", "features", "sentiments", "truth")
    files = DemoFiles(
        project=out_dir / "project.yaml",
        rows={},
        **{name: out_dir / f"{name}.csv" for name in tables_of},
        **{name: out_dir / f"{name}.json" for name in records},
    )
    world = draw_world(size, today, seed)
    files.rows.update(_write_customers(world, files))
    files.rows.update(_write_facts(world, files))
    _write_records(world, files)
    return files
