"""Operators see what becomes of live events, and where the time goes."""

from __future__ import annotations

from typing import Any

from banso.accounts.models import AccountKey
from banso.health.services.live import LiveCycle
from banso.health.services.pending import Pending
from banso.workspace.services import gauges
from tests.usage.collected import arrive, make_source, track


def figure(name: str, **labels: str) -> float:
    return gauges.REGISTRY.get_sample_value(name, labels) or 0


def figures() -> dict[str, float]:
    outcomes = ("kept", "repeated", "held")
    found = {one: figure("banso_live_messages_total", outcome=one) for one in outcomes}
    judge = figure("banso_live_stage_seconds_count", stage="judge")
    return {**found, "judged": figure("banso_live_judged_total"), "judge": judge}


def test_a_round_is_counted_and_timed(house: Any) -> None:
    source = make_source()
    account = house.account("Acme")
    AccountKey.objects.create(account=account, source=source.key, external_id="A1")
    known = {"userId": "u1", "context": {"groupId": "A1"}}
    arrive(source, track(key="m1", **known), track(key="m2", **known), track(key="m1", **known))
    arrive(source, track(key="m3", userId="u2", context={"groupId": "unknown"}))
    cycle = LiveCycle(Pending())
    cycle.warm_up()
    before = figures()
    assert cycle.run_once()
    grown = {name: value - before[name] for name, value in figures().items()}
    assert grown == {"kept": 2, "repeated": 1, "held": 1, "judged": 1, "judge": 1}
