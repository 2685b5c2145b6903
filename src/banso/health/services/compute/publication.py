"""Writing where accounts stand, in transactions so short that nobody waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import transaction

from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry
from banso.health.services.compute import live
from banso.health.services.compute.assessment import Assessment
from banso.health.services.compute.beginnings import Dating
from banso.health.services.compute.picture import moment_of
from banso.health.services.compute.pulses import Crossing, publish_pulses
from banso.health.services.compute.rows import pulse_rows
from banso.health.services.compute.signal_changes import entries, events_of, write_signals
from banso.health.services.warehouse import warehouse
from banso.workspace.selectors import company_read_once
from banso.workspace.services import bulletins, events, lease

#: Accounts written in one transaction. SQLite lets one process write at a time, and events that
#: arrive meanwhile wait for it.
TOGETHER = 250
#: Accounts whose new signals are dated at once, as every look at the history reads whole tables.
DATED_TOGETHER = 5_000


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: accounts, signals opened and signals cleared."""

    written: int
    opened: int
    cleared: int


def publish(
    found: Assessment, rules: Sequence[live.ActiveRule], *, opening: bool = True
) -> Published:
    """Write signals, pulses and entries on the timeline of everything that was judged.

    Args:
        opening: whether signals open.
    """
    written = opened = cleared = 0
    picture, count = found.picture, len(found.picture.ids)
    for begin in range(0, count, DATED_TOGETHER):
        end = min(begin + DATED_TOGETHER, count)
        dating = Dating(rules, warehouse(), picture.known, found.deck, picture.day)
        if opening and count > TOGETHER:
            _date_ahead(found.pick(np.arange(begin, end)), dating)
        for first in range(begin, end, TOGETHER):
            some = found.pick(np.arange(first, min(first + TOGETHER, end)))
            done = _publish_some(some, dating, opening)
            written, opened, cleared = (
                written + done.written,
                opened + done.opened,
                cleared + done.cleared,
            )
    return Published(written, opened, cleared)


def _date_ahead(found: Assessment, dating: Dating) -> None:
    """Find the beginnings of signals that will open, while nothing is locked."""
    picture = found.picture
    wanted = live.about_to_open(dating.rules, picture.ids, found.inputs, picture.customers)
    dating.look_up(wanted, _today(found))


def _today(found: Assessment) -> dict[int, tuple[float, int]]:
    """Account id to today's score that counts and its band code."""
    judgement = zip(found.score.tolist(), found.codes.tolist(), strict=True)
    return dict(zip(found.picture.ids, judgement, strict=True))


@company_read_once()
@transaction.atomic
def _publish_some(found: Assessment, dating: Dating, opening: bool) -> Published:
    lease.confirm()
    picture, day = found.picture, found.picture.day
    changes = live.decide(
        dating.rules, picture.ids, found.inputs, picture.customers, day, opening=opening
    )
    dating.date(changes.opened, _today(found))
    write_signals(changes)
    rows = pulse_rows(picture, found.judged, found.past, found.score, found.codes, changes)
    written, crossed = publish_pulses(rows)
    moment = moment_of(day)
    record_entries(entries(changes, moment) + _band_entries(crossed, moment))
    for event in events_of(changes):
        events.publish(event)
    told = {signal.account_id for _event, signal in changes.events}
    bulletins.post(bulletins.ACCOUNTS, {*written, *told})
    cleared = sum(event == "cleared" for event, _signal in changes.events)
    return Published(len(written), len(changes.opened), cleared)


def _band_entries(crossed: Sequence[Crossing], moment: datetime) -> list[Entry]:
    return [
        Entry(
            account_id=row.account_id,
            kind=ActivityKind.SCORE,
            happened_at=moment,
            source="health",
            external_id=f"band:{row.account_id}:{row.as_of}:{band}:{row.band}",
            data={"from": before, "to": row.score, "from_band": band, "to_band": row.band},
        )
        for row, band, before in crossed
    ]
