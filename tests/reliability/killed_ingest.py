"""Events that arrive while web and worker are killed again and again, and what becomes of them."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.installation import Installation
from tests.reliability.projections import differing, kept_events, made_of_it, waiting
from tests.reliability.service import (
    ALL,
    MAKE_SOURCE,
    SERVER,
    WEB,
    WORKER,
    Service,
    wait_until,
)
from tests.reliability.small_company import bring_company
from tests.reliability.traffic import NEW_GROUPS, Line, Traffic, events_of, group

VICTIMS = (WORKER, WORKER, WORKER, WEB, SERVER, ALL)
DAYS = 30
LAST_BATCH = "SELECT coalesce(max(id), 0) FROM usage_usagebatch"


@dataclass(slots=True)
class Outcome:
    """What became of events, against what was sent and against a warehouse that is made anew."""

    events: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    strange: int = 0
    set_aside: int = 0
    differs: tuple[str, ...] = ()


def kill_during_ingest(
    installation: Installation,
    folder: Path,
    *,
    events: int,
    kills: int,
    seed: int,
    tell: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Send events to a service whose processes are killed, and count what it kept."""
    outcome = Outcome()
    bring_company(installation, folder, days=DAYS)
    installation.python(MAKE_SOURCE)
    chance = random.Random(seed)
    with Service(installation) as service, Traffic(service.port) as traffic:
        requests = events // traffic.size
        for number in range(kills):
            victim = VICTIMS[number] if number < len(VICTIMS) else chance.choice(VICTIMS)
            goal = (number + 1) * requests // (kills + 1)
            _wait_for_a_moment(service, traffic, victim, goal, chance)
            service.kill(victim)
            outcome.kills[victim] += 1
            tell(f"{number + 1} kills ({victim}), {len(traffic.acknowledged)} requests in")
        traffic.allow(requests)
        wait_until(traffic.is_done, service, seconds=60 + events / 500)
        outcome.retries, outcome.refused = traffic.retries, len(traffic.refused)
        finish(service)
    count(installation, events_of(requests * traffic.size), outcome)
    return outcome


def finish(service: Service) -> None:
    """Name all groups, have everything taken in, and end the service."""
    calls = [group(number, {"messageId": f"last{number}"}) for number in range(NEW_GROUPS)]
    body = json.dumps({"batch": calls}).encode()
    with closing(Line(service.port)) as line:
        wait_until(lambda: line.post(body)[0] == 200, service)
    wait_until(lambda: waiting(service.installation) == 0, service, seconds=300)
    service.stop()


def count(installation: Installation, expected: set[str], outcome: Outcome) -> None:
    """Hold what was kept against what was sent, and what was made of it against a rebuild."""
    kept = kept_events(installation)
    outcome.events = len(expected)
    outcome.lost = len(expected - kept.keys())
    outcome.strange = len(kept.keys() - expected)
    outcome.doubled = sum(times - 1 for times in kept.values())
    aside = "SELECT count(*) FROM usage_inboxbatch WHERE set_aside_at IS NOT NULL"
    outcome.set_aside = installation.query(aside)[0][0]
    before = made_of_it(installation)
    installation.command("rebuild")
    outcome.differs = differing(before, made_of_it(installation))


def _wait_for_a_moment(
    service: Service, traffic: Traffic, victim: str, goal: int, chance: random.Random
) -> None:
    """Let requests come up to a goal, and return while they do or while they are taken in."""
    start = len(traffic.acknowledged)
    moment = start + chance.uniform(0.2, 0.9) * (goal - start)
    way = chance.random()
    before = service.installation.query(LAST_BATCH)
    if victim in (WORKER, ALL) and way < 0.5:
        # A worker that has caught up takes in little at a time.
        traffic.allow(start + (goal - start) // 10 + 1)
        wait_until(lambda: service.installation.query(LAST_BATCH) > before, service)
    traffic.allow(goal)
    wait_until(lambda: len(traffic.acknowledged) >= moment, service)
    if victim in (WORKER, ALL) and 0.5 <= way < 0.8:
        # One that has just started takes in all at once; else it may still be starting.
        wait_until(lambda: service.installation.query(LAST_BATCH) > before, service)
    time.sleep(chance.uniform(0, 0.3))
