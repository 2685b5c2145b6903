"""Dating new signals: by the day on which their rule began to hold, not by the day it was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from banso.engine.history import history
from banso.engine.warehouse import Warehouse
from banso.health.models import Signal
from banso.health.rules.beginnings import Days, days_held
from banso.health.rules.conditions import SCORE
from banso.health.services.compute.assessment import days_needed
from banso.health.services.compute.live import ActiveRule
from banso.health.services.compute.past import read_past
from banso.health.services.judging import Deck
from banso.health.services.values import Catalogue, Floats

#: How far back the beginning is looked for; what began earlier is dated to that day.
LOOK_BACK_DAYS = 180
#: Accounts looked at together, so that memory stays bounded on a first import.
_CHUNK = 500


def date_signals(
    opened: Sequence[Signal],
    rules: Sequence[ActiveRule],
    store: Warehouse,
    known: Catalogue,
    deck: Deck,
    today: dict[int, tuple[float, int]],
    day: date,
) -> None:
    """Set ``since`` of signals that have just opened.

    Args:
        opened: signals not yet written.
        rules: the active rules, among them those of the signals.
        today: account id to today's score that counts and its band code.
    """
    of_account: dict[int, list[Signal]] = defaultdict(list)
    for signal in opened:
        of_account[signal.account_id].append(signal)
    by_rule = {rule.row.pk: rule for rule in rules}
    ids = sorted(of_account)
    for first in range(0, len(ids), _CHUNK):
        some = ids[first : first + _CHUNK]
        present = {signal.rule_id for one in some for signal in of_account[one]}
        chosen = [by_rule[pk] for pk in sorted(present)]
        days = _days(chosen, store, known, deck, some, today, day)
        held = {rule.row.pk: days_held(rule.conditions, days) for rule in chosen}
        for row, one in enumerate(some):
            for signal in of_account[one]:
                count = min(max(int(held[signal.rule_id][row]), 1), LOOK_BACK_DAYS)
                signal.since = day - timedelta(days=count - 1)


def _days(
    rules: Sequence[ActiveRule],
    store: Warehouse,
    known: Catalogue,
    deck: Deck,
    ids: list[int],
    today: dict[int, tuple[float, int]],
    day: date,
) -> Days:
    """What the rules look at, on every day that any of them may ask about."""
    longest = max(days_needed(rule.conditions for rule in rules), default=0)
    lasting = max((max(rule.conditions.recent().values(), default=0) for rule in rules), default=0)
    span = LOOK_BACK_DAYS + max(longest, lasting)
    past = read_past(deck, ids, day, range(1, span))
    back = range(span - 1, 0, -1)
    score = np.array([today[one][0] for one in ids])
    band = np.array([today[one][1] for one in ids])
    keys = sorted({key for rule in rules for key in rule.conditions.metrics()} & known.keys())
    return Days(
        metrics=_metrics(store, known, [key for key in keys if key != SCORE], ids, day, span),
        score=_columns([past.scores[ago] for ago in back], score),
        band=_columns([past.bands[ago] for ago in back], band),
    )


def _columns(before: list[NDArray[np.generic]], last: NDArray[np.generic]) -> Floats:
    return np.column_stack([*before, last]).astype(np.float64)


def _metrics(
    store: Warehouse, known: Catalogue, keys: list[str], ids: list[int], day: date, span: int
) -> dict[str, Floats]:
    if not keys:
        return {}
    return history(store, known, keys, ids, day - timedelta(days=span - 1), day)
