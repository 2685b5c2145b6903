"""Numbers and texts inside a JSON column, read in one step.

Django's own transforms look at the type of each value as well, which doubles the time of a filter
over all accounts, and compare texts as JSON.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, TypeAlias

from django.db.models import Field, FloatField, Func, TextField

Sql: TypeAlias = tuple[str, tuple[Any, ...]]


class _JsonValue(Func):
    """The value under a path of keys, null where there is none."""

    arity = 1
    sqlite_type: ClassVar[str]
    postgresql_type: ClassVar[str]

    def __init__(self, column: str, *path: str) -> None:
        self.path = path
        super().__init__(column, output_field=self.made())

    @staticmethod
    def made() -> Field[Any, Any]:
        """The field whose lookups apply."""
        raise NotImplementedError

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``json_extract`` with the path as a parameter."""
        inner, params = compiler.compile(self.source_expressions[0])
        steps = (json.dumps(key, ensure_ascii=False) for key in self.path)
        path = "".join(["$", *(f".{step}" for step in steps)])
        return f"CAST(json_extract({inner}, %s) AS {self.sqlite_type})", (*params, path)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Sql:
        """``#>>`` with the path as an array."""
        inner, params = compiler.compile(self.source_expressions[0])
        return f"({inner} #>> %s)::{self.postgresql_type}", (*params, list(self.path))


class JsonNumber(_JsonValue):
    """A number."""

    sqlite_type, postgresql_type = "REAL", "double precision"

    @staticmethod
    def made() -> Field[Any, Any]:
        """Compared as numbers are."""
        return FloatField()


class JsonText(_JsonValue):
    """A text; numbers and truth values read as they are written."""

    sqlite_type, postgresql_type = "TEXT", "text"

    @staticmethod
    def made() -> Field[Any, Any]:
        """Compared as texts are."""
        return TextField()
