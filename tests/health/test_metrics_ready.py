"""What the metrics that come ready say about accounts whose usage is known in different ways."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest

from banso.engine.evaluate import evaluate
from banso.engine.parsing import parse
from banso.engine.warehouse import Warehouse
from banso.health.rules.defaults.metrics import METRICS

TODAY = date(2026, 4, 15)
NAMED, NAMED_GONE, COUNTED, COUNTED_GONE, UNKNOWN, NEVER = range(1, 7)
CATALOGUE = {form.key: parse(form.definition) for form in METRICS}


def row(account, ago, user=None, users=None, events=3):
    """A row as a sender counted it for one day."""
    key = f"{account}-{ago}-{user}"
    return (key, account, TODAY - timedelta(days=ago), user, users, events, "report")


@pytest.fixture(scope="module")
def values():
    """Metric values of today by key and account."""
    rows = [
        *(row(NAMED, ago, user) for ago, user in [(1, "a"), (1, "b"), (9, "c"), (40, "d")]),
        row(NAMED_GONE, 60, "a"),
        *(row(COUNTED, ago, users=users) for ago, users in [(2, 7), (3, 4), (30, 12)]),
        row(COUNTED_GONE, 60, users=5),
        row(UNKNOWN, 2),
    ]
    names = ("row_key", "account_id", "day", "user_key", "users", "events", "feature")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    kinds = {"account_id": pa.int64(), "users": pa.int64(), "events": pa.int64()}
    table = pa.table({name: pa.array(cells, kinds.get(name)) for name, cells in columns.items()})
    table = table.append_column("source", pa.array(["test"] * len(rows)))
    wanted = ["active_users_28d", "active_days_total", "days_since_activity", "events_28d",
              "user_growth_28d", "usage_trend_28d", "features_28d"]  # fmt: skip
    with Warehouse.open(":memory:", threads=1) as warehouse:
        warehouse.load_batch(1, "counted", table)
        found = evaluate(warehouse, CATALOGUE, wanted, TODAY, list(range(1, 7))).to_pydict()
    return {key: dict(zip(found["account_id"], cells, strict=True)) for key, cells in found.items()}


def test_named_users_are_counted_once_and_counted_ones_by_the_busiest_day(values):
    assert values["active_users_28d"][NAMED] == 3
    assert values["active_users_28d"][COUNTED] == 7


def test_users_who_stopped_coming_are_nought_and_users_never_known_are_unknown(values):
    # Otherwise data without user ids would show every seat as unused.
    users = values["active_users_28d"]
    assert [users[one] for one in (NAMED_GONE, COUNTED_GONE)] == [0, 0]
    assert [users[one] for one in (UNKNOWN, NEVER)] == [None, None]


def test_an_account_that_never_used_anything_is_known_as_such(values):
    assert values["active_days_total"][NEVER] == 0
    assert values["days_since_activity"][NEVER] is None
    assert values["active_days_total"][UNKNOWN] == 1


def test_changes_are_in_percent_of_what_was_before(values):
    # Named: 9 actions now, 3 before; users 3 now, 1 before. Counted: 12 users on the busiest day.
    assert values["usage_trend_28d"][NAMED] == 200
    assert values["user_growth_28d"][NAMED] == 200
    assert values["user_growth_28d"][COUNTED] == pytest.approx(100 * (7 - 12) / 12)
    assert values["usage_trend_28d"][NEVER] is None
