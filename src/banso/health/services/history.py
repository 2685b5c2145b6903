"""Filling the history of scores: every past day that the data allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from banso.accounts.selectors.book import book_rows
from banso.contracts.selectors.subscriptions import active_spans
from banso.engine.history import HistoryChunk, history_map
from banso.health.models import ScoreMonth
from banso.health.rules.customers import Span, customer_days
from banso.health.rules.months import (
    Cells,
    days_in,
    first_of_month,
    months_between,
    narrow,
    pack,
    unpack_scores,
)
from banso.health.rules.scorecard import Scored, score
from banso.health.services.judging import Deck
from banso.health.services.sync import Progress, nothing
from banso.health.services.values import usable_metrics, use_days
from banso.health.services.warehouse import warehouse
from banso.workspace.selectors import business_day
from banso.workspace.services import lease

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Account id, version id, first day and payload of a :class:`ScoreMonth`.
_Month: TypeAlias = tuple[int, int, date, bytes]
#: Account to the days of a plan, counted from its first, that other versions judge.
_Elsewhere: TypeAlias = Mapping[int, Sequence[tuple[int, int]]]
#: Scored at a time, so that memory does not grow with the chunks of the engine.
_ACCOUNTS = 100
#: Accounts whose kept months are asked for at a time.
_ASKED = 1_000


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill covered."""

    accounts: int
    first: date | None
    last: date | None
    months: int


@dataclass(frozen=True)
class _Plan:
    """Who is filled for which days by what."""

    deck: Deck
    ids: list[int]
    cards: Ints
    start: date
    end: date
    spans: Mapping[int, Sequence[Span]]
    used: Mapping[int, tuple[date, date]]

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def fill_history(
    start: date | None = None,
    end: date | None = None,
    *,
    account_ids: Sequence[int] | None = None,
    progress: Progress = nothing,
) -> Filled:
    """Score accounts on every day from ``start`` to ``end`` and keep the result.

    Whole months are written: ``start`` is taken back to the first of its month. Without ``start``
    it begins with the first line or the first use of any account; without ``end`` it goes up to
    today. A day is scored by the version in force then; days before a scorecard's first version by
    that one; and days that another scorecard has already judged by a version of that scorecard,
    because the account belonged there at the time.
    """
    today = business_day()
    plan = _plan(start, min(end or today, today), account_ids)
    if plan is None:
        return Filled(0, None, None, 0)
    store = warehouse()
    known, usable = usable_metrics(store)
    versions = _versions_in_use(plan)
    keys = [key for key in plan.deck.metric_keys(versions) if key in usable]
    elsewhere = _judged_elsewhere(plan, today)

    def judge(chunk: HistoryChunk) -> list[tuple[range, list[_Month]]]:
        return list(_judged(plan, chunk, elsewhere))

    written, span = 0, (plan.start, plan.end)
    for judged in history_map(judge, store, known, keys, plan.ids, *span):
        for part, months in judged:
            _replace(plan, part, months)
            written += len(months)
            progress(part.stop, len(plan.ids), "history")
    return Filled(len(plan.ids), plan.start, plan.end, written)


def _plan(start: date | None, end: date, account_ids: Sequence[int] | None) -> _Plan | None:
    rows = book_rows(account_ids)
    used, spans = use_days(warehouse(), end, account_ids), active_spans(account_ids)
    ids = [row.account_id for row in rows if row.account_id in used or row.account_id in spans]
    first = start or _first_day(ids, used, spans)
    deck = Deck.load()
    if first is None or first > end or not deck.cards:
        return None
    wanted = set(ids)
    cards = deck.cards_of(row for row in rows if row.account_id in wanted)
    return _Plan(deck, ids, cards, first_of_month(first), end, spans, used)


def _first_day(
    ids: Sequence[int],
    used: Mapping[int, tuple[date, date]],
    spans: Mapping[int, Sequence[Span]],
) -> date | None:
    uses = (used[one][0] for one in ids if one in used)
    lines = (begin for one in ids for begin, _end in spans.get(one, ()))
    return min((day for days in (uses, lines) for day in days), default=None)


def _versions_in_use(plan: _Plan) -> set[int]:
    current = {
        edition.id
        for card in np.unique(plan.cards).tolist()
        for edition in plan.deck.editions.get(card, ())
    }
    kept = ScoreMonth.objects.order_by().values_list("version_id", flat=True).distinct()
    return current | set(kept)


def _judged(
    plan: _Plan, chunk: HistoryChunk, elsewhere: _Elsewhere
) -> Iterator[tuple[range, list[_Month]]]:
    """The months of some accounts each; asks no database, because it runs in other threads."""
    whole = range(*chunk.accounts.indices(len(plan.ids)))
    for first in range(0, len(whole), _ACCOUNTS):
        part = whole[first : first + _ACCOUNTS]
        ids = plan.ids[part.start : part.stop]
        values = {key: found[first : first + _ACCOUNTS] for key, found in chunk.values.items()}
        customers = np.stack(
            [
                customer_days(
                    plan.spans.get(one, ()), plan.used.get(one, (None,))[0], plan.start, plan.days
                )
                for one in ids
            ]
        )
        labels = np.where(customers, _labels(plan, part, elsewhere), 0)
        yield (
            part,
            [
                month
                for version in np.unique(labels).tolist()
                if version
                for month in _months(plan, ids, values, labels, version)
            ],
        )


def _replace(plan: _Plan, part: range, months: Sequence[_Month]) -> None:
    """Put the months of some accounts in the place of those that were kept."""
    with transaction.atomic():
        lease.confirm()
        ScoreMonth.objects.filter(
            account_id__in=plan.ids[part.start : part.stop],
            month__gte=plan.start,
            month__lte=plan.end,
        ).delete()
        _insert(months)


def _insert(months: Sequence[_Month]) -> None:
    """Add rows by the hundred thousand, for which models take five times as long."""
    table, day = ScoreMonth._meta.db_table, connection.ops.adapt_datefield_value
    statement = f"INSERT INTO {table} (account_id, version_id, month, payload)"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"{statement} VALUES (%s, %s, %s, %s)",
            [(account, version, day(month), kept) for account, version, month, kept in months],
        )


def _labels(plan: _Plan, part: range, elsewhere: _Elsewhere) -> Ints:
    """The version that judges each account (of a chunk) on each day."""
    days = [plan.start + timedelta(days=i) for i in range(plan.days)]
    cards = plan.cards[part.start : part.stop]
    found = np.zeros((len(part), plan.days), dtype=np.int64)
    rows_of = {card: cards == card for card in np.unique(cards).tolist()}
    for card, mine in rows_of.items():
        found[mine] = [plan.deck.version_on(card, day) for day in days]
    for i, one in enumerate(plan.ids[part.start : part.stop]):
        for day, version in elsewhere.get(one, ()):
            found[i, day] = version
    return found


def _judged_elsewhere(plan: _Plan, today: date) -> _Elsewhere:
    """Where a day before today was judged by another scorecard."""
    found = defaultdict(list)
    cards = dict(zip(plan.ids, plan.cards.tolist(), strict=True))
    for start in range(0, len(plan.ids), _ASKED):
        kept = ScoreMonth.objects.filter(
            account_id__in=plan.ids[start : start + _ASKED],
            month__gte=plan.start,
            month__lte=plan.end,
        ).order_by("id")
        others = [
            pk
            for pk, account_id, version in kept.values_list("pk", "account_id", "version_id")
            if plan.deck.card_of[version] != cards[account_id]
        ]
        # Most accounts have stayed with their scorecard: only the others' payloads are read.
        rows = kept.filter(pk__in=others)
        for account_id, month, version, payload in rows.values_list(
            "account_id", "month", "version_id", "payload"
        ):
            _score, coverage = unpack_scores(bytes(payload), days_in(month))
            card = plan.deck.card_of[version]
            for at in np.flatnonzero(~np.isnan(coverage)).tolist():
                day = month + timedelta(days=at)
                if day < today and day <= plan.end:
                    place = (day - plan.start).days, plan.deck.version_on(card, day)
                    found[account_id].append(place)
    return found


def _months(
    plan: _Plan, ids: Sequence[int], values: Mapping[str, Floats], labels: Ints, version: int
) -> Iterator[_Month]:
    """The months of the accounts that a version judges on any day."""
    mine = np.flatnonzero((labels == version).any(axis=1))
    spec = plan.deck.spec(version)
    mask = labels[mine] == version
    inputs = {key: found[mine] for key, found in values.items() if key in spec.metric_keys()}
    if not inputs:
        return
    scored = score(spec, inputs)
    cube = _cube(spec.metric_keys(), inputs, scored, mask, days_in(plan.end) - plan.end.day)
    for month in months_between(plan.start, plan.end):
        first = (month - plan.start).days
        days = slice(first, first + days_in(month))
        for i in np.flatnonzero(mask[:, days].any(axis=1)).tolist():
            yield ids[mine[i]], version, month, pack(cube[i, :, days])


def _cube(
    keys: Sequence[str],
    inputs: Mapping[str, Floats],
    scored: Scored,
    mask: NDArray[np.bool_],
    missing: int,
) -> Cells:
    """Accounts × rows × days as :mod:`banso.health.rules.months` lays them out.

    Args:
        missing: days from the end of the fill to the end of its month; they are empty.
    """
    nothing_known = np.full(mask.shape, np.nan)
    values = [inputs.get(key, nothing_known) for key in keys]
    rows = [scored.score, scored.coverage, *values, *(scored.points[key] for key in keys)]
    cube = np.stack(rows, axis=1)
    cube[np.broadcast_to(~mask[:, None, :], cube.shape)] = np.nan
    return np.pad(narrow(cube), ((0, 0), (0, 0), (0, missing)), constant_values=np.nan)
