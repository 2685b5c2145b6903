"""The rows behind a value, so that every number can be opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from banso.engine.compile import compile_rows
from banso.engine.compile.predicates import first_shift, last_shift
from banso.engine.definitions import Leaf, Window
from banso.engine.evaluate import check_day, requested, resolve_all
from banso.engine.planning import Catalogue, distinct_leaves
from banso.engine.validation import validate
from banso.engine.warehouse import Warehouse


@dataclass(frozen=True)
class Evidence:
    """A leaf, the day as of which it was read, and the rows that made its value."""

    leaf: Leaf
    as_of: date
    rows: pa.Table


def explain(
    warehouse: Warehouse, catalogue: Catalogue, key: str, account_id: int, as_of: date
) -> list[Evidence]:
    """The rows behind each leaf of a metric, in the order in which its definition names them.

    Raises:
        NotFoundError: the key or a dataset does not exist.
        InvalidInputError: the definition cannot be evaluated, or the day is out of range.
    """
    check_day(as_of)
    definitions = resolve_all(warehouse, catalogue, [key])
    found = []
    for at in distinct_leaves(definitions):
        day = as_of - timedelta(days=at.shift)
        found.append(Evidence(at.leaf, day, explain_rows(warehouse, at.leaf, account_id, day)))
    return found


def explain_rows(warehouse: Warehouse, leaf: Leaf, account_id: int, as_of: date) -> pa.Table:
    """The rows that a window or state metric aggregates for one account, in day order.

    Raises:
        NotFoundError: the dataset does not exist.
        InvalidInputError: the definition cannot be evaluated.
    """
    spec = warehouse.spec(leaf.dataset)
    validate(leaf, {}, {spec.name: spec})
    columns = [name for name in spec.all_columns if name != "account_id"]
    lookback = first_shift(leaf, 0) if isinstance(leaf, Window) else None
    statement = compile_rows(spec, columns, [leaf.filters] if leaf.filters else [], lookback)
    table = warehouse.query(statement.on(as_of, {}), requested([account_id]))
    kept = [row for row in table.to_pylist() if _counts(row, leaf, as_of)]
    return pa.Table.from_pylist(
        [{name: row[name] for name in columns} for row in _in_order(kept, columns)],
        schema=pa.schema([table.schema.field(name) for name in columns]),
    )


def _in_order(rows: list[dict[str, object]], columns: Sequence[str]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: [(row[name] is not None, row[name]) for name in columns])


def _counts(row: dict[str, object], leaf: Leaf, as_of: date) -> bool:
    if leaf.filters and not row["keep_0"]:
        return False
    if leaf.column is not None and row[leaf.column] is None:
        return False
    if isinstance(leaf, Window):
        return (as_of - _day(row["day"])).days >= last_shift(leaf, 0)
    return row["to_day"] is None or as_of < _day(row["to_day"])


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is not a day.")
    return value
