"""What is in the warehouse depends on which batches are loaded, and on nothing else."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.engine.datasets import DatasetSpec
from banso.engine.warehouse import LoadResult, Warehouse
from banso.kit.errors import ConflictError, InvalidInputError, NotFoundError
from tests.conftest import dear
from tests.engine.samples import counted, dataset, fingerprint, march, raw

NPS = DatasetSpec("nps", "event", {"score": "int"}, "NPS", "NPS")


def days(warehouse, account=1):
    return [
        (row["day"].day, row["events"], row["users"], row["features"])
        for row in warehouse.account_days_of([account]).to_pylist()
    ]


def uses(warehouse, account=1):
    return [
        (row["day"].day, row["feature"], row["events"], row["users"], row["value"])
        for row in warehouse.feature_days_of([account]).to_pylist()
    ]


def test_counted_days_roll_up(warehouse):
    warehouse.load_batch(
        1,
        "counted",
        counted(
            (1, 1, "read", 5, {"users": 3, "value": 2.5}),
            (1, 1, "write", 2, {"users": 4}),
            (1, 2, "read", 1, {"user_key": "ann"}),
            (1, 3, "read", 0),
        ),
    )
    assert uses(warehouse) == [
        (1, "read", 5, 3, 2.5),
        (1, "write", 2, 4, None),
        (2, "read", 1, 1, None),
    ]
    assert days(warehouse) == [(1, 7, 4, 2), (2, 1, 1, 1)]
    assert warehouse.user_days_of([1]).to_pylist() == [
        {"account_id": 1, "user_key": "ann", "day": march(2), "events": 1}
    ]


def test_one_sources_counts_and_events_are_not_added_but_two_sources_are(warehouse):
    events = raw(("a", 1, 1, "read", "ann"), ("b", 1, 1, "read", "bob"))
    warehouse.load_batch(1, "raw", events)
    warehouse.load_batch(2, "counted", counted((1, 1, "read", 5)))
    assert uses(warehouse) == [(1, "read", 5, 2, 2.0)]
    warehouse.load_batch(3, "counted", counted((1, 1, "read", 4, {"users": 9}), source="other"))
    assert uses(warehouse) == [(1, "read", 9, 9, 2.0)]


def test_a_second_run_of_one_file_changes_nothing(warehouse):
    file = counted((1, 1, "read", 5), (1, 2, "read", 6))
    assert warehouse.load_batch(1, "counted", file) == LoadResult(2, 0, 0)
    before = uses(warehouse)
    assert warehouse.load_batch(2, "counted", file) == LoadResult(0, 2, 0)
    assert uses(warehouse) == before


def test_loading_a_batch_again_gives_its_first_result(warehouse):
    warehouse.load_batch(7, "counted", counted((1, 1, "read", 5)))
    before = fingerprint(warehouse)
    again = warehouse.load_batch(7, "counted", counted((1, 1, "read", 5)))
    assert again == LoadResult(1, 0, 0)
    assert fingerprint(warehouse) == before
    with pytest.raises(ConflictError, match="Batch 7 has been loaded as counted"):
        warehouse.load_batch(7, "raw", raw(("a", 1, 1, "read", None)))


def test_a_corrected_count_moves_to_its_new_day(warehouse):
    warehouse.load_batch(1, "counted", counted((1, 1, "read", 5, {"row_key": "x"})))
    corrected = counted((1, 3, "read", 6, {"row_key": "x"}))
    assert warehouse.load_batch(2, "counted", corrected) == LoadResult(0, 0, 1)
    assert uses(warehouse) == [(3, "read", 6, 0, None)]


def test_the_first_event_of_a_key_and_the_last_count_of_a_key_win_within_a_batch(warehouse):
    events = raw(("a", 1, 1, "read", "ann"), ("a", 1, 2, "read", "ann"))
    assert warehouse.load_batch(1, "raw", events) == LoadResult(1, 1, 0)
    rows = counted((2, 1, "read", 5), (2, 1, "read", 8))
    assert warehouse.load_batch(2, "counted", rows) == LoadResult(1, 1, 0)
    assert [day for day, *_ in uses(warehouse)] == [1]
    assert uses(warehouse, 2) == [(1, "read", 8, 0, None)]


def test_removing_a_batch_brings_back_what_it_had_replaced(warehouse):
    warehouse.load_batch(1, "counted", counted((1, 1, "read", 5), (1, 2, "read", 1)))
    first = fingerprint(warehouse)
    warehouse.load_batch(2, "counted", counted((1, 1, "read", 50), (2, 2, "read", 1)))
    warehouse.load_batch(3, "counted", counted((1, 1, "read", 7)))
    warehouse.remove_batches([2])
    assert uses(warehouse)[0] == (1, "read", 7, 0, None)
    assert uses(warehouse, 2) == []
    warehouse.remove_batches([3, 404])
    assert fingerprint(warehouse) == first
    assert warehouse.load_batch(3, "counted", counted()) == LoadResult(0, 0, 0)


keys = st.sampled_from(["k1", "k2", "k3"])
event = st.tuples(keys, st.integers(1, 2), st.integers(1, 3), st.sampled_from("ab"),
                  st.sampled_from(["ann", "bob", None]))  # fmt: skip
count = st.builds(
    lambda key, account, day, feature, events, users, user: (
        account, day, feature, events, {"row_key": key, "users": users, "user_key": user},
    ),
    keys, st.integers(1, 2), st.integers(1, 3), st.sampled_from("ab"), st.integers(0, 4),
    st.one_of(st.none(), st.integers(0, 3)), st.sampled_from(["ann", None]),
)  # fmt: skip
batch = st.one_of(
    st.lists(event, max_size=4).map(lambda rows: ("raw", raw(*rows))),
    st.lists(count, max_size=4).map(lambda rows: ("counted", counted(*rows))),
)


@dear()
@given(
    loaded=st.lists(batch, min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
    removed=st.sets(st.integers(0, 3)),
)
def test_order_and_removal_leave_what_loading_the_rest_would(loaded, order, removed):
    numbered = list(enumerate(loaded))
    shuffled = order.sample(numbered, len(numbered))
    with Warehouse.open(":memory:", threads=1) as one, Warehouse.open(":memory:", threads=1) as two:
        for number, (kind, table) in shuffled:
            one.load_batch(number, kind, table)
        one.remove_batches(sorted(removed))
        for number, (kind, table) in numbered:
            if number not in removed:
                two.load_batch(number, kind, table)
        assert fingerprint(one) == fingerprint(two)


def test_a_dataset_is_replaced_as_a_whole_and_remembered(tmp_path):
    path = tmp_path / "w.duckdb"
    with Warehouse.open(path) as warehouse:
        for score in (3, 9):
            rows = dataset(NPS, {"account_id": 1, "day": march(score), "score": score})
            warehouse.replace_dataset(NPS, rows)
        assert warehouse.extent("account_days").last_day is None
    with Warehouse.open(path) as warehouse:
        assert warehouse.datasets()["nps"] == NPS
        assert warehouse.extent("nps").first_day == march(9)
        assert warehouse.extent("nps").rows == 1
        with pytest.raises(NotFoundError, match="no dataset “csat”"):
            warehouse.spec("csat")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"account_id": [1]}), "needs the column “day”"),
        (pa.table({"account_id": [1], "day": [None]}), "row 1 has nothing in the column “day”"),
        (pa.table({"account_id": ["x"], "day": [march(1)]}), "“account_id” cannot be read"),
        (pa.table({"account_id": [1], "day": [march(1)], "mood": [1]}), "no column “mood”"),
        (
            pa.table({"account_id": [1, 1], "day": [march(1)] * 2, "amount": [1.0, float("inf")]}),
            "row 2 has the number inf in “amount”",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_what_was_there_stays(warehouse, table, message):
    spec = DatasetSpec("sales", "event", {"amount": "float"})
    warehouse.replace_dataset(
        spec, dataset(spec, {"account_id": 1, "day": march(1), "amount": float("nan")})
    )
    before = fingerprint(warehouse)
    with pytest.raises(InvalidInputError, match=message):
        warehouse.replace_dataset(spec, table)
    assert fingerprint(warehouse) == before


def test_a_file_held_by_another_process_is_named(tmp_path):
    path = tmp_path / "w.duckdb"
    script = (
        "import sys; from banso.engine.warehouse import Warehouse\n"
        f"held = Warehouse.open({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ConflictError, match="held by another process"):
            Warehouse.open(path)
        other.communicate("")
    Warehouse.open(path).close()


def test_a_damaged_file_is_named_with_its_remedy(tmp_path):
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"not a warehouse" * 1000)
    with pytest.raises(ConflictError, match="Delete the warehouse file") as caught:
        Warehouse.open(path)
    assert caught.value.code == "warehouse-damaged"


def test_a_file_of_another_layout_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "w.duckdb"
    Warehouse.open(path).close()
    monkeypatch.setattr("banso.engine.warehouse.schema.VERSION", 99)
    with pytest.raises(ConflictError, match="layout 3") as caught:
        Warehouse.open(path)
    assert caught.value.code == "warehouse-version"
