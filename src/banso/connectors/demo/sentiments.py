"""How the CSMs feel about their accounts today: no column of an import, but part of the score."""

from __future__ import annotations

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import Fates
from banso.connectors.demo.mood import Moods
from banso.connectors.demo.randomness import dice
from banso.connectors.demo.timeline import Timeline

_STATED = 0.6
_REASONS = {
    "good": ("定例会での評価が高い", "Praise in the last meeting"),
    "mixed": ("要望が残っており、利用に差がある", "Open wishes, uneven use"),
    "bad": ("返事が遅く、参加者が減っている", "Slow answers, fewer people attend"),
}


def _value(mood: float) -> str:
    return "good" if mood > 0.74 else "mixed" if mood > 0.58 else "bad"


def draw_sentiments(
    customers: Customers, fates: Fates, moods: Moods, timeline: Timeline, seed: int
) -> list[dict[str, str]]:
    """One opinion for about 60 % of the running customers, given within the last six weeks."""
    found = []
    for index in range(len(customers)):
        chance = dice(seed, "sentiment", index)
        if fates.churn_on[index] <= 0 or chance.random() > _STATED:
            continue
        day = -chance.randint(2, 42)
        if customers.start[index] + 14 > day:
            continue
        # A CSM sees a customer through his last talk, which is two weeks behind.
        value = _value(moods.at(index, day - 14) + chance.gauss(0, 0.06))
        found.append(
            {
                "account_external_id": customers.external_id(index),
                "value": value,
                "reason": _REASONS[value][0 if customers.language(index) == "ja" else 1],
                "set_by": customers.cs_owner[index],
                "from_day": timeline.iso(day),
            }
        )
    return found
