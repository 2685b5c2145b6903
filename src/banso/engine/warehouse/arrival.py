"""Check and shape Arrow tables before they enter the warehouse."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from banso.kit.errors import InvalidInputError

GREATEST_NUMBER = 1e18
"""Numbers beyond this cannot be summed over a history without losing their meaning."""


def conform(
    what: str, table: pa.Table, columns: Mapping[str, pa.DataType], required: Collection[str]
) -> pa.Table:
    """The table with exactly the columns wanted, of the types wanted; NaN becomes empty.

    Args:
        what: names the table in messages.
        required: columns in which no cell may be empty. The others may be left out altogether.

    Raises:
        InvalidInputError: a column is missing, unknown or of another type, a required cell is
            empty, or a number is infinite or beyond 1e18.
    """
    unknown = sorted(set(table.column_names) - set(columns))
    if unknown:
        _refuse(f"{what} has no column “{unknown[0]}”; it has {', '.join(columns)}.")
    return pa.table(
        {name: _column(what, table, name, kind, name in required) for name, kind in columns.items()}
    )


def _column(
    what: str, table: pa.Table, name: str, kind: pa.DataType, required: bool
) -> pa.ChunkedArray:
    if name not in table.column_names:
        if required:
            _refuse(f"{what} needs the column “{name}”.")
        return pa.chunked_array([pa.nulls(table.num_rows, kind)])
    try:
        column = table[name].cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        _refuse(f"{what}: the column “{name}” cannot be read as {kind}: {error}.")
    if pa.types.is_floating(kind):
        column = _finite(what, name, column)
    if required and column.null_count:
        row = pc.index(pc.is_null(column), True).as_py()
        _refuse(f"{what}: row {row + 1} has nothing in the column “{name}”.")
    return column


def _finite(what: str, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    beyond = pc.fill_null(pc.greater(pc.abs(column), GREATEST_NUMBER), False)
    if pc.any(beyond).as_py():
        row = pc.index(beyond, True).as_py()
        _refuse(f"{what}: row {row + 1} has the number {column[row]} in “{name}”, beyond 1e18.")
    return column


def _refuse(message: str) -> NoReturn:
    raise InvalidInputError(message, code="invalid-rows", remedy="Correct the rows and load again.")
