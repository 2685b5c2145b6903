"""Whatever is merged and when, the warehouse is the one that loading what is left would make."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from banso.engine.warehouse import Warehouse
from tests.conftest import dear
from tests.engine.samples import raw
from tests.engine.test_live_batches import rollups

#: What a source may send, and send again: account, day, feature, user.
MESSAGES = [
    (account, day, feature, user)
    for account, day in ((1, 1), (1, 5), (1, 6), (2, 6))
    for feature, user in (("a", "ann"), ("a", "bob"), ("b", "ann"), ("b", None))
]
sources = st.sampled_from(["web", "server"])
sent = st.lists(st.integers(0, len(MESSAGES) - 1), min_size=1, max_size=5)
step = st.one_of(
    st.tuples(st.just("live"), sources, sent), st.tuples(st.just("merge"), sources, st.just([]))
)


def batch(source: str, messages: list[int]) -> pa.Table:
    return raw(*((f"m{one}", *MESSAGES[one]) for one in messages), source=source)


def contents(store: Warehouse) -> dict[str, Any]:
    events = store.query("SELECT * FROM raw_events ORDER BY ALL").to_pylist()
    loaded = store.query("SELECT batch_id FROM loaded_batches ORDER BY 1")["batch_id"]
    return {"events": events, "loaded": loaded.to_pylist(), **rollups(store)}


@dear()
@given(
    steps=st.lists(step, min_size=2, max_size=8),
    taken_back=st.integers(0, 7),
    later=st.tuples(sources, sent),
)
def test_merging_equals_loading_the_merged_batches(
    steps: list[tuple[str, str, list[int]]], taken_back: int, later: tuple[str, list[int]]
) -> None:
    kept: dict[int, tuple[str, pa.Table]] = {}
    with (
        Warehouse.open(":memory:", threads=1) as merged,
        Warehouse.open(":memory:", threads=1) as anew,
    ):
        for number, (what, source, messages) in enumerate([*steps, ("merge", "web", [])]):
            if what == "live":
                kept[number] = source, batch(source, messages)
                merged.load_live([(number, kept[number][1])])
                continue
            former = [one for one, (name, _rows) in kept.items() if name == source]
            if former:
                merged.merge_batches(former, number)
                kept[number] = source, pa.concat_tables([kept.pop(one)[1] for one in former])
        for number in sorted(kept):
            anew.load_live([(number, kept[number][1])])
        assert contents(merged) == contents(anew)
        gone = [one for one in kept if one == taken_back]
        for store in (merged, anew):
            store.remove_batches(gone)
            store.load_live([(99, batch(*later))])
        assert contents(merged) == contents(anew)
