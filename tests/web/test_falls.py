"""Parts of a change of score as a column: every figure with its sign and one decimal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils import translation

from banso.web.views.account.falls import cause_totals


def test_points_stand_under_points() -> None:
    amounts = {"data": -13.0, "weights": 0.26, "override": -0.04}
    parts = [SimpleNamespace(cause=cause, amount=amount) for cause, amount in amounts.items()]
    change: Any = SimpleNamespace(explanation=SimpleNamespace(parts=parts))
    with translation.override("en"):
        assert [figure for _name, figure in cause_totals(change)] == ["−13.0", "+0.3", "0.0", "0.0"]
