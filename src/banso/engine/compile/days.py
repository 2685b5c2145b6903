"""Days that stand for "the day asked for, minus n" in an expression, and their substitution.

Building an Ibis expression and its SQL costs far more than running the statement on a small
warehouse, so both are done once, with stand-in days from years in which no fact can lie, and the
stand-ins of the finished SQL are replaced by real days for each run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import ibis
from ibis.expr import operations as ops
from ibis.expr import types as ir

_AS_OF = date(1000, 1, 1)
_FIRST_DAYS = date(1200, 1, 1)
_LAST_STAND_IN = 1300
# Literals and quoted names are matched first, so that nothing inside them is taken for a day.
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|MAKE_DATE\((\d+), (\d+), (\d+)\)")


def as_of(shift: int) -> ir.DateScalar:
    """The day asked for, less ``shift`` days."""
    return ibis.literal(_AS_OF - timedelta(days=shift))


def first_day(position: int) -> ir.DateScalar:
    """The first day of the dataset at a position of the statement's list of datasets."""
    return ibis.literal(_FIRST_DAYS + timedelta(days=position))


def substitute(sql: str, day: date, first_days: Mapping[int, date]) -> str:
    """The statement for one day, given the first day of each dataset by position."""

    def real(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        found = _real_day(date(int(match[1]), int(match[2]), int(match[3])), day, first_days)
        return match[0] if found is None else f"DATE '{found.isoformat()}'"

    return _TOKEN.sub(real, sql)


def on_day(table: ir.Table, day: date, first_days: Mapping[int, date]) -> ir.Table:
    """The expression for one day, for engines that write days in other ways."""
    literals = table.op().find(ops.Literal)
    real = {
        literal: ibis.literal(found).op()
        for literal in literals
        if literal.dtype.is_date()
        and (found := _real_day(literal.value, day, first_days)) is not None
    }
    return table.op().replace(real).to_expr()


def _real_day(stand_in: date, day: date, first_days: Mapping[int, date]) -> date | None:
    """The day that a stand-in stands for, or None for a day that is meant as such."""
    if stand_in.year >= _LAST_STAND_IN:
        return None
    if stand_in >= _FIRST_DAYS:
        return first_days[(stand_in - _FIRST_DAYS).days]
    return day - (_AS_OF - stand_in)
