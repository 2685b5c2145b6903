"""Folding what messages say into what is known, so that their order of arrival does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Trait → [value, moment, message key].
Traits = dict[str, list[Any]]
MOST_TRAITS = 100
MOST_TRAIT_TEXT = 1_000
_FURTHER = "attributes"


def fold(known: Traits, facts: Mapping[str, Any], at: int, key: str) -> None:
    """Take a message's traits into what is known; of two values the later one counts.

    Later is by (moment, message key). Nothing (null, empty text) takes nothing away. Text is cut
    at 1,000 characters; of more than 100 traits those whose names come first are kept, in
    whatever order they came.
    """
    for name, value in facts.items():
        kept, former = _kept(value), known.get(name)
        if kept is None or kept == "":
            continue
        if former is None or (former[1], former[2]) < (at, key):
            known[name] = [kept, at, key]
    for name in sorted(known)[MOST_TRAITS:]:
        del known[name]


def values(known: Traits) -> dict[str, Any]:
    """Trait → value."""
    return {name: told[0] for name, told in known.items()}


@dataclass(slots=True)
class Span:
    """When something was seen first and last, such as a person in a group."""

    first_at: int
    last_at: int
    last_key: str
    left_at: int | None = None

    def include(self, at: int, key: str) -> None:
        """Widen it by one more time."""
        self.first_at = min(self.first_at, at)
        self.last_at, self.last_key = max((self.last_at, self.last_key), (at, key))

    def leave(self, at: int) -> None:
        """Note that it ended; the last end counts."""
        self.left_at = at if self.left_at is None else max(self.left_at, at)

    def latest(self, at: int) -> tuple[int, str] | None:
        """The last time up to ``at`` at which it is known to hold, None where it did not."""
        gone = self.left_at is not None and self.last_at <= self.left_at <= at
        if gone or self.first_at > at:
            return None
        return (self.last_at, self.last_key) if self.last_at <= at else (self.first_at, "")


def holding(spans: Sequence[tuple[str, Span]], at: int) -> str:
    """The name whose span holds at a moment; empty for none.

    The one seen last before the moment counts. Where all were seen only after it, the one that was
    seen first does: whoever turns up in a group today was of it yesterday, unless told otherwise.
    """
    held = [(told, name) for name, span in spans if (told := span.latest(at)) is not None]
    if held:
        return max(held)[1]
    later = [(span.first_at, name) for name, span in spans if span.first_at > at]
    return min(later)[1] if later else ""


def filled(
    current: Mapping[str, Any], applied: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """What to write of the wanted values: empty fields, and those that still hold what we set."""
    return {
        name: value
        for name, value in wanted.items()
        if current.get(name) != value
        and (current.get(name) in (None, "") or current.get(name) == applied.get(name))
    }


def settled(
    current: Mapping[str, Any], applied: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """Like :func:`filled`, and so for each of the further columns under ``attributes``."""
    chosen = filled(current, applied, {k: v for k, v in wanted.items() if k != _FURTHER})
    parts = [one.get(_FURTHER) or {} for one in (current, applied, wanted)]
    further = filled(*parts)
    return {**chosen, _FURTHER: further} if further else chosen


def applying(applied: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """What we have set, after one more writing."""
    further = {**(applied.get(_FURTHER) or {}), **(written.get(_FURTHER) or {})}
    return {**applied, **written, **({_FURTHER: further} if further else {})}


def first_text(facts: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first of the named facts that is text or a number."""
    for name in names:
        value = facts.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value):
            return str(value)
    return ""


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return value[:MOST_TRAIT_TEXT]
    if isinstance(value, dict):
        plain = {k: _kept(v) for k, v in value.items() if not isinstance(v, dict | list)}
        return dict(sorted(plain.items())[:MOST_TRAITS])
    return value if isinstance(value, int | float | bool) or value is None else None
