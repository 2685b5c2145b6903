"""Who is judged by which scorecard, and what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from banso.accounts.selectors.book import BookRow
from banso.health.models import Scorecard, ScorecardVersion
from banso.health.rules.assignment import Card, Edition, card_for, edition_on
from banso.health.rules.scorecard import NO_BAND, ScorecardSpec, band_codes, parse, score

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Deck:
    """All scorecards with their versions; a version is parsed when it is first needed."""

    cards: list[Card]
    editions: dict[int, list[Edition]]
    raw: dict[int, dict[str, object]]
    card_of: dict[int, int]
    _specs: dict[int, ScorecardSpec] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Deck:
        """Every scorecard, archived ones only for the history they have made."""
        cards = [
            Card(row.pk, frozenset(row.segments), frozenset(row.lifecycles), row.is_default)
            for row in Scorecard.objects.filter(is_archived=False).order_by("position", "id")
        ]
        editions: dict[int, list[Edition]] = defaultdict(list)
        raw, card_of = {}, {}
        for row in ScorecardVersion.objects.order_by("id"):
            editions[row.scorecard_id].append(Edition(row.pk, row.number, row.effective_on))
            raw[row.pk], card_of[row.pk] = row.spec, row.scorecard_id
        return cls(cards, editions, raw, card_of)

    def spec(self, version_id: int) -> ScorecardSpec:
        """What a version says."""
        if version_id not in self._specs:
            self._specs[version_id] = parse(self.raw[version_id])
        return self._specs[version_id]

    def cards_of(self, rows: Iterable[BookRow]) -> Ints:
        """The scorecard of each account, 0 where none applies."""
        chosen: dict[tuple[str, str], int] = {}
        found = []
        for row in rows:
            kind = (row.segment, row.lifecycle)
            if kind not in chosen:
                chosen[kind] = card_for(self.cards, *kind) or 0
            found.append(chosen[kind])
        return np.array(found, dtype=np.int64)

    def version_on(self, card_id: int, day: date) -> int:
        """The version of a scorecard that judges a day; 0 for no scorecard."""
        editions = self.editions.get(card_id)
        return edition_on(editions, day).id if editions else 0

    def versions_on(self, cards: Ints, day: date) -> Ints:
        """The version that judges each account on a day."""
        chosen = {card: self.version_on(card, day) for card in np.unique(cards).tolist()}
        return np.array([chosen[card] for card in cards.tolist()], dtype=np.int64)

    def metric_keys(self, versions: Iterable[int]) -> list[str]:
        """The metrics that some versions look at."""
        return sorted({key for one in versions if one for key in self.spec(one).metric_keys()})


@dataclass(frozen=True)
class Judged:
    """Scores over a list of accounts; NaN = none.

    Attributes:
        points: measure key to points, NaN for accounts whose scorecard does not have it.
    """

    version: Ints
    score: Floats
    coverage: Floats
    points: dict[str, Floats]

    def pick(self, at: Ints) -> Judged:
        """The same of the accounts at some positions."""
        points = {key: found[at] for key, found in self.points.items()}
        return Judged(self.version[at], self.score[at], self.coverage[at], points)


def judge(
    deck: Deck, versions: Ints, values: Mapping[str, Floats], customers: NDArray[np.bool_]
) -> Judged:
    """What each account's scorecard version says; only customers are judged."""
    count = len(versions)
    total, coverage = np.full(count, np.nan), np.full(count, np.nan)
    points: dict[str, Floats] = {}
    for version in np.unique(versions[customers]).tolist():
        if not version:
            continue
        mine = np.flatnonzero((versions == version) & customers)
        scored = score(deck.spec(version), {key: found[mine] for key, found in values.items()})
        total[mine], coverage[mine] = scored.score, scored.coverage
        for key, found in scored.points.items():
            points.setdefault(key, np.full(count, np.nan))[mine] = found
    return Judged(np.where(customers, versions, 0), total, coverage, points)


def bands(deck: Deck, versions: Ints, scores: Floats) -> NDArray[np.int8]:
    """The band code of each score under its version."""
    codes = np.full(len(scores), NO_BAND, dtype=np.int8)
    for version in np.unique(versions).tolist():
        if version:
            mine = versions == version
            codes[mine] = band_codes(scores[mine], deck.spec(version))
    return codes


def positions(ids: Sequence[int]) -> dict[int, int]:
    """Account id to its place in the list."""
    return {account_id: i for i, account_id in enumerate(ids)}
