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
from banso.health.services.compute.beginnings import date_signals
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
    for first in range(0, len(found.picture.ids), TOGETHER):
        some = np.arange(first, min(first + TOGETHER, len(found.picture.ids)))
        done = _publish_some(found.pick(some), rules, opening)
        written, opened, cleared = (
            written + done.written,
            opened + done.opened,
            cleared + done.cleared,
        )
    return Published(written, opened, cleared)


@company_read_once()
@transaction.atomic
def _publish_some(found: Assessment, rules: Sequence[live.ActiveRule], opening: bool) -> Published:
    lease.confirm()
    picture, day = found.picture, found.picture.day
    changes = live.decide(rules, picture.ids, found.inputs, picture.customers, day, opening=opening)
    judgement = zip(found.score.tolist(), found.codes.tolist(), strict=True)
    now = dict(zip(picture.ids, judgement, strict=True))
    date_signals(changes.opened, rules, warehouse(), picture.known, found.deck, now, day)
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
