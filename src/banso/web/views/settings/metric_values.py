"""The values of a metric as its page shows them: spread over accounts, and both ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from banso.accounts.selectors.accounts import accounts_by_ids
from banso.health.selectors.stored import Spread
from banso.web.formats import metric_value
from banso.web.reader import Reader

Extremes = tuple[Sequence[tuple[int, float]], Sequence[tuple[int, float]]]


def shown(reader: Reader, unit: str, value: float | None) -> str:
    """A value in the metric's unit and the company's currency."""
    return metric_value(value, unit, reader.company.currency)


def histogram(reader: Reader, unit: str, spread: Spread) -> dict[str, Any]:
    """The spread as bars of a drawing 240 wide and 60 high, with its ends worded."""
    most = max((count for _low, _high, count in spread.bars), default=1)
    bars = [
        {
            "from": shown(reader, unit, low),
            "to": shown(reader, unit, high),
            "count": count,
            "x": 10 * i,
            "height": round(60 * count / most, 2),
            "y": round(60 - 60 * count / most, 2),
        }
        for i, (low, high, count) in enumerate(spread.bars)
    ]
    ends = [shown(reader, unit, value) for value in (spread.low, spread.median, spread.high)]
    low, median, high = ends
    return {"bars": bars, "low": low, "median": median, "high": high, "spread": spread}


def ends(
    reader: Reader, unit: str, extremes: Extremes, *, key: str = ""
) -> list[tuple[str, list[dict[str, Any]]]]:
    """The accounts at both ends of a metric.

    Args:
        extremes: the lowest and the highest as pairs of account id and value.
        key: of the metric, so that each value leads to the rows that made it; a draft has none
            yet, and its values lead to the accounts.
    """
    lowest, highest = extremes
    accounts = accounts_by_ids(reader.actor, [pk for pk, _value in (*lowest, *highest)])

    def rows(pairs: Sequence[tuple[int, float]]) -> list[dict[str, Any]]:
        return [
            {
                "name": accounts[pk].name,
                "url": (
                    reverse("account-metric", args=[accounts[pk].uid, key])
                    if key
                    else reverse("account", args=[accounts[pk].uid])
                ),
                "value": shown(reader, unit, value),
            }
            for pk, value in pairs
            if pk in accounts
        ]

    return [(_("Lowest"), rows(lowest)), (_("Highest"), rows(highest))]
