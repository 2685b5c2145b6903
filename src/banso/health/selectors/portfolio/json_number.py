"""A number inside a JSON column, read in one step."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from django.db.models import FloatField, Func

Sql: TypeAlias = tuple[str, tuple[Any, ...]]


class JsonNumber(Func):
    """The number under a path of keys, null where there is none.

    Django's own transforms look at the type of the value as well, which doubles the time of a
    filter over all accounts.
    """

    arity = 1
    output_field = FloatField()

    def __init__(self, column: str, *path: str) -> None:
        self.path = path
        super().__init__(column)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``json_extract`` with the path as a parameter."""
        inner, params = compiler.compile(self.source_expressions[0])
        path = "$" + "".join(f".{json.dumps(key)}" for key in self.path)
        return f"CAST(json_extract({inner}, %s) AS REAL)", (*params, path)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``#>>`` with the path as an array."""
        inner, params = compiler.compile(self.source_expressions[0])
        return f"({inner} #>> %s)::double precision", (*params, list(self.path))
