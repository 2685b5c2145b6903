"""The thread from usage that came in to a score that people see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from banso.health.services import compute

TODAY = date(2026, 4, 15)


def test_usage_becomes_a_score(house: Any) -> None:
    busy, idle = house.account("Busy"), house.account("Idle")
    for account in (busy, idle):
        house.line(account, date(2025, 10, 1))
    house.use(busy, TODAY - timedelta(days=90), 91, users=9)
    house.use(idle, TODAY - timedelta(days=90), 40)
    result = compute.refresh()
    assert (result.current.accounts, result.current.written) == (2, 2)
    pulse = house.pulse(busy)
    assert pulse.band == "healthy"
    assert pulse.score > 80
    assert pulse.active_users == 9
    assert pulse.last_active_on == TODAY
    assert (pulse.arr_minor, pulse.currency) == (120_000, "JPY")
    assert pulse.renewal_on == date(2026, 10, 1)
    assert house.pulse(idle).band == "danger"
    assert house.pulse(idle).risks_open > 0


def test_running_again_writes_nothing(house: Any) -> None:
    account = house.account("Busy")
    house.line(account, date(2025, 10, 1))
    house.use(account, TODAY - timedelta(days=30), 30)
    compute.refresh_everything()
    again = compute.refresh()
    assert again.current.written == 0
    assert again.sync.loaded == []
    assert again.sync.datasets == []
