"""Scores of a day with everything that signal rules look at; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from banso.engine.history import history
from banso.health.rules.conditions import SCORE, Conditions
from banso.health.rules.signals import Inputs
from banso.health.selectors.months import overridden
from banso.health.services.compute.past import Past, read_past
from banso.health.services.compute.picture import Picture, look
from banso.health.services.judging import Deck, Judged, bands, judge
from banso.health.services.values import Floats, Ints
from banso.health.services.warehouse import warehouse


@dataclass(frozen=True)
class Assessment:
    """What accounts are worth on a day; all arrays in the order of ``picture.ids``.

    Attributes:
        score: the score that counts, overrides included; NaN = none.
        codes: its band codes.
        inputs: what the rules asked about look at.
    """

    picture: Picture
    past: Past
    deck: Deck
    judged: Judged
    score: Floats
    codes: NDArray[np.int8]
    inputs: Inputs

    def pick(self, at: Ints) -> Assessment:
        """The same of the accounts at some positions."""
        return Assessment(
            self.picture.pick(at),
            self.past.pick(at),
            self.deck,
            self.judged.pick(at),
            self.score[at],
            self.codes[at],
            self.inputs.pick(at),
        )


def assess(
    day: date,
    rules: Sequence[Conditions],
    account_ids: Sequence[int] | None = None,
    *,
    earlier: Sequence[int] = (),
    here: bool = False,
) -> Assessment:
    """Judge accounts as of a day from a warehouse that has been synchronised.

    Args:
        rules: conditions whose inputs are wanted.
        account_ids: all accounts if not given.
        earlier: days before it for which the metrics are wanted too.
        here: measure in the warehouse, even everybody and whatever engine is named.
    """
    picture = look(day, account_ids, earlier=earlier, here=here)
    deck = Deck.load()
    past = read_past(deck, picture.ids, day, days_needed(rules))
    return appraise(picture, past, deck, rules)


def appraise(picture: Picture, past: Past, deck: Deck, rules: Sequence[Conditions]) -> Assessment:
    """What the scorecards say of accounts as they are known."""
    day = picture.day
    versions = deck.versions_on(deck.cards_of(picture.rows), day)
    judged = judge(deck, versions, picture.values, picture.customers)
    score = overridden(judged.score, picture.ids, past.overrides, day)
    score = np.where(picture.customers, score, np.nan)
    codes = bands(deck, judged.version, score)
    inputs = Inputs(
        metrics=picture.values,
        score=score,
        band=codes,
        score_before=past.scores,
        band_before=past.bands,
        recent=_recent_values(rules, picture, score, past),
    )
    return Assessment(picture, past, deck, judged, score, codes, inputs)


def days_needed(rules: Iterable[Conditions]) -> set[int]:
    """How many days ago scores and bands are needed."""
    found: set[int] = set()
    for rule in rules:
        found |= rule.score_days() | rule.band_days()
        found |= set(range(1, rule.recent().get(SCORE, 1)))
    return found


def _recent_values(
    rules: Iterable[Conditions], picture: Picture, score: Floats, past: Past
) -> dict[str, Floats]:
    """Values of the last days for conditions that must have held for some time."""
    spans: dict[str, int] = {}
    for rule in rules:
        for key, days in rule.recent().items():
            spans[key] = max(days, spans.get(key, 0))
    found: dict[str, Floats] = {}
    if SCORE in spans:
        before = [past.scores[ago] for ago in range(spans[SCORE] - 1, 0, -1)]
        found[SCORE] = np.column_stack([*before, score])
    metrics = sorted(key for key in spans if key in picture.known)
    if metrics and picture.ids:
        start = picture.day - timedelta(days=max(spans[key] for key in metrics) - 1)
        found |= history(warehouse(), picture.known, metrics, picture.ids, start, picture.day)
    return found
