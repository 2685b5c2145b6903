"""Histories come in bounded pieces and say what they cannot give."""

from __future__ import annotations

import numpy as np
import pytest

from banso.engine.datasets import DatasetSpec
from banso.engine.history import history, history_map, spans
from banso.engine.history.rows import read_rows
from banso.engine.parsing import parse
from banso.kit.errors import InvalidInputError
from tests.engine.samples import counted, dataset, load, march

CATALOGUE = {
    "events": parse(
        {"kind": "window", "dataset": "feature_days", "aggregation": "sum", "column": "events",
         "window": 2}
    ),
    "change": parse({"kind": "change", "of": "events", "days": 1, "mode": "absolute"}),
}  # fmt: skip


@pytest.fixture
def usage(warehouse):
    load(warehouse, counted((1, 1, "read", 5), (1, 2, "read", 2), (2, 3, "read", 4)))
    return warehouse


def test_a_row_per_account_and_a_column_per_day(usage):
    found = history(usage, CATALOGUE, list(CATALOGUE), [2, 1], march(0), march(4))
    nan = np.nan
    np.testing.assert_array_equal(found["events"], [[nan, 0, 0, 4, 4], [nan, 5, 7, 2, 0]])
    np.testing.assert_array_equal(found["change"], [[nan, nan, 0, 4, 0], [nan, nan, 2, -5, -2]])


def test_pieces_make_up_the_whole(usage, monkeypatch):
    accounts = [2, 1, 3]
    whole = history(usage, CATALOGUE, list(CATALOGUE), accounts, march(0), march(4))
    monkeypatch.setattr(spans, "CHUNK_CELLS", 1)
    asked = (usage, CATALOGUE, list(CATALOGUE), accounts, march(0), march(4))
    pieces = list(history_map(lambda piece: piece, *asked))
    assert [piece.accounts for piece in pieces] == [slice(0, 1), slice(1, 2), slice(2, 3)]
    for key, values in whole.items():
        joined = np.concatenate([piece.values[key] for piece in pieces])
        np.testing.assert_array_equal(joined, values)


def test_a_dataset_without_rows_does_not_have_accounts_read_one_by_one(usage, monkeypatch):
    calls = DatasetSpec("calls", "event", {"length": "int"})
    usage.replace_dataset(calls, dataset(calls))
    held = {"kind": "window", "dataset": "calls", "aggregation": "count", "window": 7}
    catalogue = {**CATALOGUE, "calls": parse(held)}
    read = []
    monkeypatch.setattr(
        spans, "read_rows", lambda *args: read.append(args[1].name) or read_rows(*args)
    )
    found = history(usage, catalogue, list(catalogue), [2, 1, 3], march(0), march(4))
    assert sorted(read) == ["calls", "feature_days"]
    assert np.nansum(found["events"]) == 22


def test_no_accounts_or_no_metrics_give_nothing(usage):
    assert history(usage, CATALOGUE, ["events"], [], march(1), march(2))["events"].shape == (0, 2)
    assert history(usage, CATALOGUE, [], [1], march(1), march(2)) == {}


def test_a_span_that_ends_before_it_starts_is_refused(usage):
    with pytest.raises(InvalidInputError, match="has no day"):
        history(usage, CATALOGUE, ["events"], [1], march(2), march(1))
