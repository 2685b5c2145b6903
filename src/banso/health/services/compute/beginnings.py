"""Dating new signals: by the day on which their rule began to hold, not by the day it was seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Dating:
    """What beginnings are looked up in, and those that have been found."""

    rules: Sequence[ActiveRule]
    store: Warehouse
    known: Catalogue
    deck: Deck
    day: date
    #: Account id and rule to the day.
    found: dict[tuple[int, int], date] = field(default_factory=dict)

    def look_up(
        self, wanted: Mapping[int, Collection[int]], today: Mapping[int, tuple[float, int]]
    ) -> None:
        """Find since when rules hold without a break.

        Args:
            wanted: account id to rules that hold today.
            today: account id to today's score that counts and its band code.
        """
        ids = sorted(wanted)
        for first in range(0, len(ids), _CHUNK):
            some = ids[first : first + _CHUNK]
            present = {rule for one in some for rule in wanted[one]}
            rules = [rule for rule in self.rules if rule.row.pk in present]
            days = _days(rules, self.store, self.known, self.deck, some, today, self.day)
            held = {rule.row.pk: days_held(rule.conditions, days) for rule in rules}
            for row, one in enumerate(some):
                for rule in wanted[one]:
                    count = min(max(int(held[rule][row]), 1), LOOK_BACK_DAYS)
                    self.found[one, rule] = self.day - timedelta(days=count - 1)

    def date(self, opened: Sequence[Signal], today: Mapping[int, tuple[float, int]]) -> None:
        """Set ``since`` of signals that have just opened and are not written yet."""
        missing: dict[int, set[int]] = defaultdict(set)
        for signal in opened:
            if (signal.account_id, signal.rule_id) not in self.found:
                missing[signal.account_id].add(signal.rule_id)
        self.look_up(missing, today)
        for signal in opened:
            signal.since = self.found[signal.account_id, signal.rule_id]


def _days(
    rules: Sequence[ActiveRule],
    store: Warehouse,
    known: Catalogue,
    deck: Deck,
    ids: list[int],
    today: Mapping[int, tuple[float, int]],
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
