"""Which metrics are what somebody thinks, rather than what somebody does."""

from __future__ import annotations

from collections.abc import Mapping

from banso.engine import definitions as d

#: Datasets whose columns hold judgements: answers of customers, and a CSM's own view.
OPINIONS = frozenset({"nps", "sentiment_spans"})


def opinion_metrics(catalogue: Mapping[str, d.Definition]) -> frozenset[str]:
    """Keys of the metrics that are made of opinions, if only in part.

    How often or how long ago somebody was asked is no opinion.
    """
    return frozenset(key for key in catalogue if _is_opinion(key, catalogue, frozenset({key})))


def _is_opinion(
    reference: d.Reference, catalogue: Mapping[str, d.Definition], seen: frozenset[str]
) -> bool:
    definition = catalogue.get(reference) if isinstance(reference, str) else reference
    return any(
        _is_opinion(part, catalogue, seen | {part} if isinstance(part, str) else seen)
        for part in _parts(definition)
        if not isinstance(part, str) or part not in seen
    ) or (
        isinstance(definition, d.Window | d.State)
        and definition.dataset in OPINIONS
        and definition.column is not None
    )


def _parts(definition: d.Definition | None) -> tuple[d.Reference, ...]:
    match definition:
        case d.Ratio(numerator, denominator):
            return numerator, denominator
        case d.Change(of):
            return (of,)
        case d.Greatest(of):
            return of
    return ()
