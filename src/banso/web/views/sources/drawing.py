"""The small chart of what arrived minute by minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from banso.web.views.sources.words import OUTCOMES

#: Units of the drawing: width of a minute with its gap, and the height of the busiest.
STEP, HEIGHT = 10, 60
#: What is stacked, from the ground up: name in the figures, outcome.
_STACK = (
    ("accepted", "accepted"),
    ("held", "held"),
    ("duplicates", "duplicate"),
    ("refused", "refused"),
)


def minute_bars(figures: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Stacked bars, one per minute, as rectangles in an SVG of STEP × HEIGHT units.

    Args:
        figures: messages per minute, oldest first, by what became of them.
    """
    minutes = len(figures["accepted"])
    totals = [sum(figures[name][place] for name, _ in _STACK) for place in range(minutes)]
    most = max(totals, default=0)
    rectangles = []
    for place in range(minutes):
        ground = float(HEIGHT)
        for name, outcome in _STACK:
            height = figures[name][place] / most * HEIGHT if most else 0
            if height:
                ground -= height
                rectangles.append(_rectangle(place, ground, height, outcome))
    legend = [
        {"outcome": outcome, "word": OUTCOMES[outcome], "count": sum(figures[name])}
        for name, outcome in _STACK
    ]
    size = {"width": minutes * STEP, "height": HEIGHT}
    return {"rectangles": rectangles, "most": most, "legend": legend, **size}


def _rectangle(place: int, top: float, height: float, outcome: str) -> dict[str, Any]:
    return {
        "x": place * STEP,
        "y": f"{top:.2f}",
        "width": STEP - 2,
        "height": f"{height:.2f}",
        "outcome": outcome,
    }
