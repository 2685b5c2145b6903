"""Accounts that are held at hand are told the same as if they were looked up among all."""

from __future__ import annotations

from itertools import count

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from banso.engine.datasets import FEATURE_DAYS, DatasetSpec
from banso.engine.evaluate import requested
from banso.engine.warehouse import Warehouse
from tests.conftest import dear
from tests.engine.samples import raw
from tests.engine.test_live_batches import ROLLUPS, step, table_of

ACCOUNTS = (1, 2, 3)
PART = DatasetSpec("part", "event", FEATURE_DAYS.columns)
asked = st.sets(st.sampled_from(ACCOUNTS), max_size=2)


def told(warehouse: Warehouse, accounts: list[int]) -> list[list[dict[str, object]]]:
    """Everything of these accounts, as statements and as rows; and through a part of the use."""
    among = "SEMI JOIN requested USING (account_id)"
    asked = requested(accounts)
    rows = [
        warehouse.query(f"FROM {name} {among} ORDER BY {key}", asked).to_pylist()
        for name, key in {**ROLLUPS, "data_part": "account_id, day"}.items()
    ]
    of: list[pa.Table] = [
        warehouse.feature_days_of(accounts), warehouse.user_days_of(accounts),
        warehouse.account_days_of(accounts),
    ]  # fmt: skip
    return rows + [table.to_pylist() for table in of]


@dear()
@given(steps=st.lists(st.tuples(step, asked), min_size=2, max_size=6))
def test_what_is_held_is_what_there_is(steps):
    keys = count()
    with (
        Warehouse.open(":memory:", threads=1) as near,
        Warehouse.open(":memory:", threads=1) as far,
    ):
        for store in (near, far):
            store.replace_part(PART, ["a"])
        for number, ((kind, source, rows), held) in enumerate(steps):
            near.hold(held)
            table = table_of(kind, source, rows, keys)
            for store in (near, far):
                store.load_batch(number, kind, table)
            for one in held:
                assert told(near, [one]) == told(far, [one])
            assert told(near, list(ACCOUNTS)) == told(far, list(ACCOUNTS))
        for store in (near, far):
            store.remove_batches([0])
        assert told(near, [1]) == told(far, [1])


def test_only_the_days_that_changed_are_copied_again(warehouse):
    warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann"), ("2", 2, 3, "read", "bob")))])
    warehouse.hold([1])
    assert warehouse.account_days_of([1])["events"].to_pylist() == [1]
    warehouse.load_live([(2, raw(("3", 1, 4, "read", "ann"), ("4", 1, 3, "read", "cid")))])
    assert warehouse.account_days_of([1])["users"].to_pylist() == [2, 1]
    assert warehouse.account_days_of([1, 2])["users"].to_pylist() == [2, 1, 1]


def test_many_accounts_are_not_held(warehouse):
    warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann")))])
    for first in range(0, 2_000, 400):
        warehouse.hold(range(first, first + 400))
        assert warehouse.account_days_of([1])["events"].to_pylist() == [1]
    warehouse.hold(range(2_000))
    assert warehouse.account_days_of([1])["events"].to_pylist() == [1]


def test_the_log_is_folded_in_while_accounts_are_held(tmp_path):
    with Warehouse.open(tmp_path / "w.duckdb") as warehouse:
        warehouse.load_live([(1, raw(("1", 1, 3, "read", "ann")))])
        warehouse.hold([1])
        assert warehouse.account_days_of([1])["events"].to_pylist() == [1]
        with warehouse.many():
            warehouse.load_batch(2, "raw", raw(("2", 1, 3, "read", "ann")))
        assert warehouse.account_days_of([1])["events"].to_pylist() == [2]
