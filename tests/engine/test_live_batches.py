"""What live events add to the roll-ups is what computing the roll-ups anew would say."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.engine.warehouse import Warehouse
from tests.conftest import dear
from tests.engine.samples import counted, march, raw

ROLLUPS = {
    "feature_days": "account_id, day, feature",
    "user_days": "account_id, user_key, day",
    "account_days": "account_id, day",
}
event = st.tuples(
    st.integers(1, 3), st.integers(1, 6), st.sampled_from("ab"),
    st.sampled_from(["ann", "bob", None]),
)  # fmt: skip
counts = st.tuples(
    st.integers(1, 3), st.integers(1, 6), st.sampled_from("ab"), st.integers(0, 4),
    st.fixed_dictionaries({"users": st.one_of(st.none(), st.integers(0, 3))}),
)  # fmt: skip
source = st.sampled_from(["web", "server"])
step = st.one_of(
    st.tuples(st.just("live"), source, st.lists(event, min_size=1, max_size=6)),
    st.tuples(st.just("raw"), source, st.lists(event, max_size=3)),
    st.tuples(st.just("counted"), source, st.lists(counts, max_size=3)),
)


def rollups(warehouse):
    return {
        name: warehouse.query(f"SELECT * FROM {name} ORDER BY {key}").to_pylist()
        for name, key in ROLLUPS.items()
    }


def table_of(kind, source, rows, keys):
    if kind == "counted":
        return counted(*rows, source=source)
    return raw(*((f"{kind}{next(keys)}", *row) for row in rows), source=source)


@dear()
@given(steps=st.lists(step, min_size=1, max_size=6), removed=st.sets(st.integers(0, 5)))
def test_adding_equals_computing_anew(steps, removed):
    keys = count()
    tables = [(kind, table_of(kind, source, rows, keys)) for kind, source, rows in steps]
    with (
        Warehouse.open(":memory:", threads=1) as live,
        Warehouse.open(":memory:", threads=1) as anew,
    ):
        for number, (kind, table) in enumerate(tables):
            live.load_batch(number, kind, table)
            anew.load_batch(number, "raw" if kind == "live" else kind, table)
            assert rollups(live) == rollups(anew)
        for store in (live, anew):
            store.remove_batches(sorted(removed))
        assert rollups(live) == rollups(anew)
        again = raw(("after", 1, 6, "a", "ann"), ("later", 1, 6, "b", None))
        live.load_batch(99, "live", again)
        anew.load_batch(99, "raw", again)
        assert rollups(live) == rollups(anew)


def test_batches_of_several_sources_go_in_together_and_once(warehouse):
    web, server = raw(("1", 1, 3, "read", "ann")), raw(("2", 1, 3, "read", "ann"), source="server")
    warehouse.load_live([(1, web), (2, server)])
    warehouse.load_live([(1, web), (2, server)])
    assert warehouse.account_days_of([1]).to_pylist() == [
        {
            "account_id": 1, "day": march(3), "events": 2, "users": 1, "features": 1,
            "last_ts": warehouse.account_days_of([1])["last_ts"][0].as_py(),
        }
    ]  # fmt: skip
    assert warehouse.query("SELECT batch_id, new FROM loaded_batches ORDER BY 1").to_pylist() == [
        {"batch_id": 1, "new": 1},
        {"batch_id": 2, "new": 1},
    ]


def test_how_far_usage_reaches_grows_with_live_events(warehouse):
    warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann")))])
    assert warehouse.extent("account_days").first_day == march(3)
    warehouse.load_live([(2, raw(("2", 1, 2, "read", "ann"), ("3", 1, 9, "read", "ann")))])
    assert warehouse.extent("account_days").first_day == march(2)
    assert warehouse.extent("account_days").last_day == march(9)


def test_a_warehouse_that_was_closed_knows_the_users_of_the_last_days(tmp_path):
    path = tmp_path / "w.duckdb"
    with Warehouse.open(path) as warehouse:
        warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann")))])
    with Warehouse.open(path) as warehouse:
        warehouse.load_live([(2, raw(("2", 1, 3, "read", "ann"), ("3", 1, 3, "read", "bob")))])
        assert warehouse.account_days_of([1])["users"].to_pylist() == [2]
        keys = warehouse.live_keys(2)
        assert len(keys["upper"]) == 2
        assert keys["upper"].dtype == np.uint64
        assert len(warehouse.live_keys(1)["lower"]) == 3


def test_users_of_a_load_that_failed_are_new_when_it_is_tried_again(warehouse, monkeypatch):
    warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann")))])
    with monkeypatch.context() as broken:
        broken.setattr(warehouse, "_grow", lambda arrived: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            warehouse.load_live([(2, raw(("2", 1, 3, "read", "bob")))])
    warehouse.load_live([(2, raw(("2", 1, 3, "read", "bob")))])
    assert warehouse.feature_days_of([1])["users"].to_pylist() == [2]
