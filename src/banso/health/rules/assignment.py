"""Which scorecard, and which of its versions, judges an account on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard's conditions; an empty set means all. The default fits whatever is left."""

    id: int
    segments: frozenset[str]
    lifecycles: frozenset[str]
    is_default: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a scorecard and the first business day that it judges."""

    id: int
    number: int
    effective_on: date


def card_for(cards: Sequence[Card], segment: str, lifecycle: str) -> int | None:
    """The first scorecard in the order given that fits, else the default, else None."""
    default = next((card.id for card in cards if card.is_default), None)
    for card in cards:
        if card.is_default:
            continue
        if card.segments and segment not in card.segments:
            continue
        if card.lifecycles and lifecycle not in card.lifecycles:
            continue
        return card.id
    return default


def edition_on(editions: Sequence[Edition], day: date) -> Edition:
    """The version that judges a day: the latest that was effective by then.

    Days before the first version are judged by that one, so that an import is scored for the past
    too; days after an edit keep the version that was in force.
    """
    ordered = sorted(editions, key=lambda one: (one.effective_on, one.number))
    return next((one for one in reversed(ordered) if one.effective_on <= day), ordered[0])
