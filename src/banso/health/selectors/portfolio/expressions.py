"""Expressions for which Django's own would take several times as long over all accounts."""

from __future__ import annotations

import json
from typing import Any, ClassVar, TypeAlias

from django.db.models import BooleanField, Func, TextField

from banso.health.selectors.columns import Ints

Sql: TypeAlias = tuple[str, tuple[Any, ...]]


class Among(Func):
    """Whether a number is one of very many, which travel as one parameter."""

    output_field: ClassVar[BooleanField[bool, bool]] = BooleanField()
    arity = 1

    def __init__(self, column: str, numbers: Ints) -> None:
        self.numbers = ",".join(map(str, numbers.tolist()))
        super().__init__(column)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """A scan against a set; the plus keeps SQLite from looking up one wide row per number."""
        inner, params = compiler.compile(self.source_expressions[0])
        among = f"(+{inner} IN (SELECT value FROM json_each(%s)))"  # noqa: S608 - compiled above
        return among, (*params, f"[{self.numbers}]")

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``= ANY`` with an array."""
        inner, params = compiler.compile(self.source_expressions[0])
        return f"({inner} = ANY(%s::bigint[]))", (*params, f"{{{self.numbers}}}")


class JsonText(Func):
    """The text under a key of a JSON column, null where there is none.

    Numbers and truth values read as they are written. Django's own transforms look at the type of
    each value as well, and compare texts as JSON.
    """

    output_field: ClassVar[TextField[str, str]] = TextField()
    arity = 1

    def __init__(self, column: str, key: str) -> None:
        self.key = key
        super().__init__(column)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``json_extract`` with the path as a parameter."""
        inner, params = compiler.compile(self.source_expressions[0])
        path = f"$.{json.dumps(self.key, ensure_ascii=False)}"
        return f"CAST(json_extract({inner}, %s) AS TEXT)", (*params, path)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``->>`` with the key as a parameter."""
        inner, params = compiler.compile(self.source_expressions[0])
        return f"({inner} ->> %s)", (*params, self.key)
