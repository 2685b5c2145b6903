"""What a metric or a signal rule would find, before anybody saves it; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import numpy as np

from banso.engine.parsing import parse as parse_definition
from banso.health.models import Pulse, Signal
from banso.health.rules.conditions import parse as parse_conditions
from banso.health.rules.signals import evaluate
from banso.health.selectors.metrics import catalogue
from banso.health.selectors.stored import extremes_of, spread
from banso.health.services.compute.assessment import assess
from banso.health.services.values import values_on
from banso.health.services.warehouse import warehouse
from banso.health.types import LIVE_SIGNALS

MOST_ACCOUNTS = 30


def try_metric(key: str, definition: dict[str, Any], day: date) -> dict[str, Any]:
    """The values that a definition gives, over the accounts that lists show.

    Args:
        key: what the metric is called by itself, so that no definition refers to its own draft.

    Returns:
        ``spread`` as in :class:`banso.health.selectors.stored.Spread`, and ``lowest`` and
        ``highest`` as pairs of account id and value.
    """
    ids = list(Pulse.objects.order_by("pk").values_list("pk", flat=True))
    known = {**catalogue(), key: parse_definition(definition)}
    values = values_on(warehouse(), known, [key], day, ids)[key]
    found = spread(values)
    lowest, highest = extremes_of(np.array(ids, dtype=np.int64), values)
    return {
        "as_of": day.isoformat(),
        "spread": [found.accounts, found.count, found.low, found.high, found.median, found.bars],
        "lowest": lowest,
        "highest": highest,
    }


def try_rule(conditions: dict[str, Any], day: date, rule_id: int | None) -> dict[str, Any]:
    """The accounts in which the conditions hold: new ones first, then those with most at stake.

    Args:
        rule_id: the rule that is being changed; what it holds open is compared.

    Returns:
        ``customers`` looked at, ``matched`` among them, of which ``new`` have no signal of the
        rule yet; ``gone`` signals would close; ``rows`` of account id, whether it is new, and
        evidence.
    """
    wanted = parse_conditions(conditions)
    found = assess(day, [wanted])
    ids, judged = found.picture.ids, found.picture.customers
    result = evaluate(wanted, found.inputs)
    matched = {ids[i]: result.evidence[i] for i in np.flatnonzero(result.matched & judged).tolist()}
    live = set(
        Signal.objects.filter(rule_id=rule_id, status__in=LIVE_SIGNALS).values_list(
            "account_id", flat=True
        )
    )
    return {
        "as_of": day.isoformat(),
        "customers": int(judged.sum()),
        "matched": len(matched),
        "new": len(matched.keys() - live),
        "gone": len(live - matched.keys()),
        "rows": [[one, one not in live, matched[one]] for one in _foremost(matched, live)],
    }


def _foremost(account_ids: Iterable[int], live: Collection[int]) -> list[int]:
    wanted = set(account_ids)
    ordered = Pulse.objects.order_by("-stake", "pk").values_list("pk", flat=True)
    found = [one for one in ordered if one in wanted]
    return sorted(found, key=lambda one: one in live)[:MOST_ACCOUNTS]
