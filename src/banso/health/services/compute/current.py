"""Judging accounts as of one day and publishing where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from banso.accounts.selectors.book import BookRow, book_rows
from banso.accounts.services.lifecycle import move_accounts
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry, Lifecycle
from banso.contracts.selectors.subscriptions import Standing, active_spans, standings
from banso.health.rules.customers import Span, has_left, has_service, is_customer
from banso.health.rules.scorecard import BANDS, NO_BAND
from banso.health.rules.signals import Inputs, stake
from banso.health.selectors.months import overridden
from banso.health.services.compute import live
from banso.health.services.compute.past import SPARK, STEPS, Past, read_past
from banso.health.services.compute.pulses import PulseRow, publish_pulses
from banso.health.services.judging import Deck, Judged, bands, judge
from banso.health.services.values import (
    Catalogue,
    Floats,
    usable_metrics,
    use_days,
    values_on,
)
from banso.health.services.warehouse import warehouse
from banso.health.types import Direction
from banso.kit import clock
from banso.workspace.selectors import business_day, company
from banso.workspace.services import events
from banso.workspace.types import SYSTEM

#: Decimals with which figures are published; more would only make the rows longer.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Current:
    """What a run did: accounts judged, pulses written, signals opened and cleared."""

    accounts: int
    written: int
    opened: int
    cleared: int


@dataclass(frozen=True)
class Picture:
    """Everything known of the accounts on the day, as arrays in the order of ``ids``."""

    day: date
    rows: list[BookRow]
    ids: list[int]
    known: Catalogue
    values: dict[str, Floats]
    earlier: dict[int, dict[str, Floats]]
    used: Mapping[int, tuple[date, date]]
    spans: Mapping[int, Sequence[Span]]
    standing: Mapping[int, Standing]
    customers: NDArray[np.bool_]


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
        live.write_signals(changes)
        pulses = _pulses(picture, judged, past, score, codes, changes)
        written, crossed = publish_pulses(pulses)
        moment = moment_of(day)
        record_entries(live.entries(changes, moment) + _band_entries(crossed, moment))
        for event in live.events_of(changes):
            events.publish(event)
    cleared = sum(event == "cleared" for event, _signal in changes.events)
    return Current(len(picture.ids), written, len(changes.opened), cleared)


def look(
    day: date, account_ids: Sequence[int] | None = None, *, earlier: Sequence[int] = ()
) -> Picture:
    """What is known of accounts as of a day.

    Args:
        earlier: days before it for which the metrics are wanted too.
    """
    store = warehouse()
    rows = book_rows(account_ids)
    ids = [row.account_id for row in rows]
    known, keys = usable_metrics(store)
    used, spans = use_days(store, day), active_spans(account_ids)
    return Picture(
        day,
        rows,
        ids,
        known,
        values_on(store, known, keys, day, ids),
        {ago: values_on(store, known, keys, day - timedelta(days=ago), ids) for ago in earlier},
        used,
        spans,
        standings(day, account_ids),
        np.array(
            [is_customer(spans.get(one, ()), used.get(one, (None,))[0], day) for one in ids],
            dtype=bool,
        ),
    )


def moment_of(day: date) -> datetime:
    """Now, or the end of a day that lies in the past, in the company's zone."""
    end = datetime.combine(day, time(23, 59), ZoneInfo(company().time_zone))
    return min(clock.now(), end)


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


def _pulses(
    picture: Picture,
    judged: Judged,
    past: Past,
    score: Floats,
    codes: NDArray[np.int8],
    changes: live.SignalChanges,
) -> list[PulseRow]:
    at_stake = _stakes(picture, score)
    spark = np.round(np.column_stack([past.series(SPARK), score]), 1)
    steps = {ago: score - past.scores[ago] for ago in STEPS}
    metrics = records(picture.values)
    earlier = {f"d{ago}": records(values) for ago, values in picture.earlier.items()}
    measures = _measures(picture, judged)
    return [
        PulseRow(
            account_id=account_id,
            as_of=picture.day,
            is_customer=bool(picture.customers[i]),
            version_id=int(judged.version[i]) or None,
            score=_number(score[i]),
            computed_score=_number(judged.score[i]),
            band=_band(codes[i]),
            band_7=_band(past.bands[7][i]),
            coverage=_number(judged.coverage[i]) or 0.0,
            change_7=_number(steps[7][i]),
            change_28=_number(steps[28][i]),
            measures=measures[i],
            metrics=metrics[i],
            earlier={name: found[i] for name, found in earlier.items()},
            spark=[_number(value) for value in spark[i].tolist()],
            standing=picture.standing.get(account_id),
            seats=_count(metrics[i], "seats"),
            active_users=_count(metrics[i], "active_users_28d"),
            last_active_on=picture.used.get(account_id, (None, None))[1],
            risks_open=changes.live.get(account_id, {}).get(Direction.RISK, 0),
            opportunities_open=changes.live.get(account_id, {}).get(Direction.OPPORTUNITY, 0),
            stake=round(float(at_stake[i]), 2),
        )
        for i, account_id in enumerate(picture.ids)
    ]


def _stakes(picture: Picture, score: Floats) -> Floats:
    standing = [picture.standing.get(one) for one in picture.ids]
    arr = np.array([float(one.recurring.arr.amount) if one else 0.0 for one in standing])
    days = [
        (one.renewal_on - picture.day).days if one and one.renewal_on else np.nan
        for one in standing
    ]
    found = stake(arr, score, np.array(days, dtype=np.float64))
    return np.where(picture.customers, found, 0.0)


def records(values: Mapping[str, Floats]) -> list[dict[str, float]]:
    """Columns turned into one JSON object per account, without what is not known."""
    keys = list(values)
    columns = [np.round(values[key], DECIMALS).tolist() for key in keys]
    return [
        {key: value for key, value in zip(keys, row, strict=True) if value == value}
        for row in zip(*columns, strict=True)
    ]


def _measures(picture: Picture, judged: Judged) -> list[dict[str, list[float | None]]]:
    """Measure key to [value, points] per account, for what has points."""
    nothing = np.full(len(picture.ids), np.nan)
    points = records(judged.points)
    values = records({key: picture.values.get(key, nothing) for key in judged.points})
    if not points:
        return [{} for _ in picture.ids]
    return [
        {key: [known.get(key), reached] for key, reached in row.items()}
        for row, known in zip(points, values, strict=True)
    ]


def _number(value: float) -> float | None:
    number = float(value)
    return round(number, DECIMALS) if number == number else None


def _band(code: np.int8) -> str:
    return "" if code == NO_BAND else BANDS[code].value


def _count(metrics: Mapping[str, float], key: str) -> int | None:
    return int(metrics[key]) if key in metrics else None


def _band_entries(
    crossed: Sequence[tuple[PulseRow, str, float | None]], moment: datetime
) -> list[Entry]:
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
