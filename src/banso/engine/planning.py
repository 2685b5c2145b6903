"""Resolve a metric's references and find the leaves that have to be read from datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from banso.engine.definitions import (
    DEEPEST_NESTING,
    Change,
    Definition,
    Greatest,
    Leaf,
    Ratio,
    Reference,
    State,
    Window,
)
from banso.engine.parsing import refuse
from banso.kit.errors import NotFoundError
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _

Catalogue = Mapping[str, Definition]


@dataclass(frozen=True, slots=True)
class LeafAt:
    """A leaf as it stood ``shift`` days before the day asked for."""

    leaf: Leaf
    shift: int


def resolve(catalogue: Catalogue, key: str) -> Definition:
    """The definition under a key with every reference replaced by what it names.

    Raises:
        NotFoundError: the key is not in the catalogue.
        InvalidInputError: a reference is unknown, goes in a circle or nests too deep.
    """
    if key not in catalogue:
        raise NotFoundError(f"There is no metric “{key}”.", code="unknown-metric")
    return inline(catalogue, catalogue[key], (key,))


def inline(catalogue: Catalogue, definition: Definition, trail: tuple[str, ...]) -> Definition:
    """A definition without references; ``trail`` holds the keys on the way to it."""
    return _inline(catalogue, definition, trail, "", 1)


def _inline(
    catalogue: Catalogue, node: Definition, trail: tuple[str, ...], path: str, depth: int
) -> Definition:
    if depth > DEEPEST_NESTING:
        refuse(
            path,
            Sentence(
                _("metrics refer to each other more than %(depth)s deep."), depth=DEEPEST_NESTING
            ),
        )

    def follow(reference: Reference, step: str) -> Definition:
        place = f"{path}.{step}" if path else step
        if not isinstance(reference, str):
            return _inline(catalogue, reference, trail, place, depth + 1)
        if reference in trail:
            circle = " → ".join((*trail, reference))
            refuse(
                place,
                Sentence(
                    _("the metrics refer to each other in a circle: %(circle)s."), circle=circle
                ),
            )
        if reference not in catalogue:
            refuse(place, Sentence(_("there is no metric “%(key)s”."), key=reference))
        return _inline(catalogue, catalogue[reference], (*trail, reference), place, depth + 1)

    match node:
        case Window() | State():
            return node
        case Ratio():
            return replace(
                node,
                numerator=follow(node.numerator, "numerator"),
                denominator=follow(node.denominator, "denominator"),
            )
        case Change():
            return replace(node, of=follow(node.of, "of"))
        case Greatest():
            return Greatest(tuple(follow(item, f"of[{i}]") for i, item in enumerate(node.of)))


def leaves(definition: Definition, shift: int = 0) -> Iterator[LeafAt]:
    """Every leaf of a resolved definition, with repeats, in reading order."""
    match definition:
        case Window() | State():
            yield LeafAt(definition, shift)
        case Ratio(numerator, denominator):
            yield from leaves(resolved(numerator), shift)
            yield from leaves(resolved(denominator), shift)
        case Change(of, days):
            yield from leaves(resolved(of), shift)
            yield from leaves(resolved(of), shift + days)
        case Greatest(of):
            for item in of:
                yield from leaves(resolved(item), shift)


def resolved(reference: Reference) -> Definition:
    """A reference of a resolved definition, which is never a key any more."""
    if isinstance(reference, str):
        raise TypeError(f"The reference {reference!r} has not been resolved.")
    return reference


def distinct_leaves(definitions: Sequence[Definition]) -> list[LeafAt]:
    """The leaves of several resolved definitions, each once, in a stable order."""
    return list(dict.fromkeys(leaf for item in definitions for leaf in leaves(item)))
