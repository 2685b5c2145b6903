"""Judging accounts as of one day and publishing where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from banso.accounts.selectors.book import book_rows
from banso.accounts.services.lifecycle import move_accounts
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry, Lifecycle
from banso.contracts.selectors.subscriptions import active_spans
from banso.health.rules.conditions import SCORE
from banso.health.rules.customers import has_left, has_service
from banso.health.rules.query import CHANGE_DAYS
from banso.health.services.compute import live
from banso.health.services.compute.assessment import Assessment, assess
from banso.health.services.compute.beginnings import date_signals
from banso.health.services.compute.columns import publish_columns
from banso.health.services.compute.picture import moment_of
from banso.health.services.compute.pulses import Crossing, publish_pulses
from banso.health.services.compute.rows import pulse_rows
from banso.health.services.compute.signal_changes import entries, events_of, write_signals
from banso.health.services.values import Floats
from banso.health.services.warehouse import warehouse
from banso.workspace.selectors import business_day
from banso.workspace.services import events
from banso.workspace.types import SYSTEM


@dataclass(frozen=True, slots=True)
class Current:
    """What a run did: accounts judged, pulses written, signals opened and cleared."""

    accounts: int
    written: int
    opened: int
    cleared: int


def compute_current(*, opening: bool = True) -> Current:
    """Judge every account as of today from the warehouse and publish the result.

    Only what changed is written: the pulse of an account, its signals, and entries on the timeline
    for a changed band. Needs a warehouse that has been synchronised.

    Args:
        opening: whether signals open. Since when they hold is read from the history, so none opens
            while that is about to be filled.
    """
    day = business_day()
    _move_lifecycles(day)
    rules = live.active_rules()
    found = assess(day, [rule.conditions for rule in rules], earlier=CHANGE_DAYS)
    picture, past, deck = found.picture, found.past, found.deck
    judged, score, codes = found.judged, found.score, found.codes
    with transaction.atomic():
        changes = live.decide(
            rules, picture.ids, found.inputs, picture.customers, day, opening=opening
        )
        judgement = zip(score.tolist(), codes.tolist(), strict=True)
        now = dict(zip(picture.ids, judgement, strict=True))
        date_signals(changes.opened, rules, warehouse(), picture.known, deck, now, day)
        write_signals(changes)
        pulses = pulse_rows(picture, judged, past, score, codes, changes)
        written, crossed = publish_pulses(pulses)
        publish_columns(picture.ids, _columns(found))
        moment = moment_of(day)
        record_entries(entries(changes, moment) + _band_entries(crossed, moment))
        for event in events_of(changes):
            events.publish(event)
    cleared = sum(event == "cleared" for event, _signal in changes.events)
    return Current(len(picture.ids), written, len(changes.opened), cleared)


def _columns(found: Assessment) -> dict[int, dict[str, Floats]]:
    """Days ago to metric key to values, the scores that counted among them."""
    metrics = {0: found.picture.values, **found.picture.earlier}
    scores = {0: found.score, **found.past.scores}
    return {ago: {**values, SCORE: scores[ago]} for ago, values in metrics.items()}


def _move_lifecycles(day: date) -> None:
    """Accounts whose last line has ended have churned; those that came back are adopting again."""
    spans = active_spans()
    rows = [row for row in book_rows() if row.account_id in spans]
    left = [
        row.account_id
        for row in rows
        if row.lifecycle != Lifecycle.CHURNED and has_left(spans[row.account_id], day)
    ]
    back = [
        row.account_id
        for row in rows
        if row.lifecycle == Lifecycle.CHURNED and has_service(spans[row.account_id], day)
    ]
    moment = moment_of(day)
    for ids, stage in ((left, Lifecycle.CHURNED), (back, Lifecycle.ADOPTION)):
        if ids:
            move_accounts(actor=SYSTEM, account_ids=ids, to=stage, happened_at=moment)


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
