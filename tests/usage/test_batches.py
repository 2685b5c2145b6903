"""Usage is kept as it came, or refused with the row that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from django.utils import translation

from banso.engine.warehouse.schema import FACTS
from banso.kit.errors import ForbiddenError, InvalidInputError
from banso.usage.selectors.batches import batch_rows, features_marked, valid_batches
from banso.usage.services import batches
from banso.usage.services.batches import accept_batch, mark_refused, revert_batches
from banso.usage.types import COLUMNS, OPTIONAL
from banso.workspace.types import SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


def counted(**columns: Any) -> pa.Table:
    values = {
        "row_key": ["a", "b"],
        "account_id": [1, 2],
        "day": [DAY, date(2026, 4, 3)],
        "feature": ["report", "mail"],
        "events": [3, 4],
        **columns,
    }
    return pa.table({name: value for name, value in values.items() if value is not None})


def accept(table: pa.Table, **more: Any) -> list[Any]:
    return accept_batch(actor=SYSTEM, source="crm", kind="counted", table=table, **more)


def test_rows_come_back_as_they_were_accepted() -> None:
    (batch,) = accept(counted(value=[1.5, None]), origin="import:1")
    assert (batch.rows, batch.first_day, batch.last_day) == (2, DAY, date(2026, 4, 3))
    rows = batch_rows(batch.pk).to_pylist()
    assert rows[0] == {
        "source": "crm",
        "row_key": "a",
        "account_id": 1,
        "user_key": None,
        "day": DAY,
        "feature": "report",
        "events": 3,
        "users": None,
        "value": 1.5,
    }


def test_new_features_become_known_once() -> None:
    from banso.usage.models import Feature

    accept(counted())
    Feature.objects.filter(key="mail").update(is_core=True, name="Mail")
    accept(counted(row_key=["c", "d"], feature=["mail", "call"]))
    assert sorted(Feature.objects.values_list("key", flat=True)) == ["call", "mail", "report"]
    assert features_marked(core=True) == ["mail"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"events": None}, "“events” is missing"),
        ({"feature": ["report", None]}, "Row 2 has nothing in “feature”"),
        ({"events": [3, -1]}, "Row 2 has no usable count in “events”"),
        ({"users": [-5, 1]}, "Row 1 has no usable count in “users”"),
        ({"value": [1.0, float("inf")]}, "Row 2 has no usable number in “value”"),
        ({"day": ["x", "y"]}, "“day” cannot be read"),
        ({"surprise": [1, 2]}, "no column “surprise”"),
    ],
)
def test_rows_that_cannot_be_used_are_refused_and_nothing_is_kept(
    columns: dict[str, Any], message: str
) -> None:
    with translation.override("en"), pytest.raises(InvalidInputError, match=message) as error:
        accept(counted(**columns))
    assert error.value.code == "invalid-usage"
    assert valid_batches() == []


def test_a_value_that_is_no_number_is_no_value() -> None:
    (batch,) = accept(counted(value=[float("nan"), 2.0]))
    assert batch_rows(batch.pk)["value"].to_pylist() == [None, 2.0]


def test_a_large_table_becomes_several_batches_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 1)
    first, second = accept(counted())
    assert [batch_rows(one.pk)["row_key"].to_pylist() for one in (first, second)] == [["a"], ["b"]]
    assert [info.id for info in valid_batches()] == [first.pk, second.pk]


def test_reverting_takes_one_origin_back() -> None:
    accept(counted(), origin="import:1")
    (other,) = accept(counted(), origin="import:2")
    assert revert_batches(actor=SYSTEM, origin="import:1") == 2
    assert revert_batches(actor=SYSTEM, origin="import:1") == 0
    assert [info.id for info in valid_batches()] == [other.pk]


def test_a_batch_that_the_warehouse_refused_is_passed_over() -> None:
    (batch,) = accept(counted())
    mark_refused(batch.pk, "not readable")
    assert valid_batches() == []


def test_only_leaders_load_usage() -> None:
    for role, allowed in ((Role.LEADER, True), (Role.CSM, False), (Role.VIEWER, False)):
        actor = Actor("user", role, None)
        if allowed:
            assert accept_batch(actor=actor, source="x", kind="counted", table=counted())
        else:
            with pytest.raises(ForbiddenError):
                accept_batch(actor=actor, source="x", kind="counted", table=counted())


def test_what_is_accepted_is_what_the_warehouse_takes() -> None:
    """The two rooms may not import each other, so they write the columns down twice."""
    for kind, fact in FACTS.items():
        assert COLUMNS[kind] == fact.columns
        assert OPTIONAL & fact.columns.keys() == fact.columns.keys() - fact.required
