"""Whether a message was there before is known exactly, and as DuckDB would say it."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.usage.rules.intake.seen import SeenKeys, digests

pairs = st.tuples(st.integers(0, 3), st.integers(0, 5))


def as_array(rows: list[tuple[int, int]]) -> np.ndarray:
    return np.array(rows, dtype=np.uint64).reshape(-1, 2)


@given(st.lists(st.lists(pairs, max_size=12), max_size=8), st.lists(pairs, max_size=20))
def test_it_is_a_set_whose_questions_count_repeats(
    added: list[list[tuple[int, int]]], asked: list[tuple[int, int]]
) -> None:
    seen, known = SeenKeys(), set[tuple[int, int]]()
    for rows in added:
        seen.add(as_array(rows))
        known |= set(rows)
    expected = [row not in known and row not in asked[:at] for at, row in enumerate(asked)]
    assert seen.unseen(as_array(asked)).tolist() == expected
    assert len(seen) == len(known)


@pytest.mark.parametrize("key", ["a", "ajs-1", "日本", "x" * 100, ""])
def test_digests_are_those_of_duckdb(key: str) -> None:
    sql = "SELECT md5_number_upper(t), md5_number_lower(t) FROM (SELECT $s || chr(0) || $k AS t)"
    expected = duckdb.execute(sql, {"s": "web", "k": key}).fetchall()
    assert [tuple(row) for row in digests("web", [key]).tolist()] == expected


def test_many_are_kept_in_few_runs() -> None:
    seen, random = SeenKeys(), np.random.default_rng(1)
    rows = random.integers(0, 2**64, size=(50_000, 2), dtype=np.uint64)
    for start in range(0, len(rows), 500):
        assert seen.unseen(rows[start : start + 500]).all()
        seen.add(rows[start : start + 500])
    assert len(seen) == 50_000
    assert not seen.unseen(rows).any()
    assert len(seen._runs) < 8
