"""Judging accounts as of one day and publishing where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from banso.accounts.selectors.book import book_rows
from banso.accounts.services.lifecycle import move_accounts
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry, Lifecycle
from banso.contracts.selectors.subscriptions import active_spans
from banso.health.rules.customers import has_left, has_service
from banso.health.rules.signals import Inputs
from banso.health.selectors.months import overridden
from banso.health.services.compute import live
from banso.health.services.compute.beginnings import date_signals
from banso.health.services.compute.past import STEPS, Past, read_past
from banso.health.services.compute.picture import Picture, look, moment_of
from banso.health.services.compute.pulses import Crossing, publish_pulses
from banso.health.services.compute.rows import pulse_rows
from banso.health.services.compute.signal_changes import entries, events_of, write_signals
from banso.health.services.judging import Deck, bands, judge
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


def compute_current(as_of: date | None = None, account_ids: Sequence[int] | None = None) -> Current:
    """Judge accounts as of a day (today by default) from the warehouse and publish the result.

    Only what changed is written: the pulse of an account, its signals, and entries on the timeline
    for a changed band. Needs a warehouse that has been synchronised.
    """
    day = as_of or business_day()
    _move_lifecycles(day, account_ids)
    picture = look(day, account_ids, earlier=STEPS)
    deck = Deck.load()
    cards = deck.cards_of(picture.rows)
    judged = judge(deck, deck.versions_on(cards, day), picture.values, picture.customers)
    rules = live.active_rules()
    past = read_past(deck, picture.ids, day, live.days_needed(rules))
    score = overridden(judged.score, picture.ids, past.overrides, day)
    score = np.where(picture.customers, score, np.nan)
    codes = bands(deck, judged.version, score)
    inputs = _inputs(picture, rules, past, score, codes)
    with transaction.atomic():
        changes = live.decide(rules, picture.ids, inputs, picture.customers, day)
        judgement = zip(score.tolist(), codes.tolist(), strict=True)
        now = dict(zip(picture.ids, judgement, strict=True))
        date_signals(changes.opened, rules, warehouse(), picture.known, deck, now, day)
        write_signals(changes)
        pulses = pulse_rows(picture, judged, past, score, codes, changes)
        written, crossed = publish_pulses(pulses)
        moment = moment_of(day)
        record_entries(entries(changes, moment) + _band_entries(crossed, moment))
        for event in events_of(changes):
            events.publish(event)
    cleared = sum(event == "cleared" for event, _signal in changes.events)
    return Current(len(picture.ids), written, len(changes.opened), cleared)


def _move_lifecycles(day: date, account_ids: Sequence[int] | None) -> None:
    """Accounts whose last line has ended have churned; those that came back are adopting again."""
    spans = active_spans(account_ids)
    rows = [row for row in book_rows(account_ids) if row.account_id in spans]
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


def _inputs(
    picture: Picture,
    rules: Sequence[live.ActiveRule],
    past: Past,
    score: Floats,
    codes: NDArray[np.int8],
) -> Inputs:
    return Inputs(
        metrics=picture.values,
        score=score,
        band=codes,
        score_before=past.scores,
        band_before=past.bands,
        recent=live.recent_values(
            warehouse(), picture.known, rules, picture.ids, picture.day, score, past
        ),
    )


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
