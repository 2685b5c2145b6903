"""Which leaves share a pass over their dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banso.engine.definitions import Leaf, Window
from banso.engine.planning import LeafAt

MOST_BITS = 62
"""Days of which each has a bit of a whole number that is not negative."""


@dataclass(frozen=True)
class Pass:
    """The leaves that one aggregation over a dataset answers; ``key`` for distinct counts.

    Distinct days of short windows are no such counts: they fit into the bits of a number.

    With ``ranked`` its only leaf, of kind ``latest``, is the first row in an order.
    """

    dataset: str
    key: str | None
    leaves: tuple[LeafAt, ...]
    ranked: bool = False


def plan_passes(wanted: Sequence[LeafAt], *, portable: bool = False) -> list[Pass]:
    """Group leaves by dataset, distinct counts apart by the column they count.

    What looks at all time is apart from windows, which then read their last days only.

    Args:
        portable: read each ``latest`` in a pass of its own, for engines without an aggregate over
            ordered rows.
    """
    groups: dict[tuple[str, str | None, bool, LeafAt | None], list[LeafAt]] = {}
    for item in wanted:
        key = _key(item.leaf, portable)
        of_all_time = key is None and isinstance(item.leaf, Window) and item.leaf.window is None
        alone = item if portable and item.leaf.aggregation == "latest" else None
        groups.setdefault((item.leaf.dataset, key, of_all_time, alone), []).append(item)
    return [
        Pass(dataset, key, tuple(found), alone is not None)
        for (dataset, key, _, alone), found in groups.items()
    ]


def counts_days(leaf: Leaf) -> bool:
    """Whether a leaf counts distinct days of a window that fits into the bits of a number."""
    return (
        isinstance(leaf, Window)
        and (leaf.aggregation, leaf.column) == ("distinct", "day")
        and leaf.window is not None
        and leaf.window <= MOST_BITS
    )


def _key(leaf: Leaf, portable: bool) -> str | None:
    if leaf.aggregation != "distinct" or (counts_days(leaf) and not portable):
        return None
    return leaf.column
