"""The one URL that says which engine measures, and where it finds the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from banso.kit.errors import InvalidInputError

ENGINES: Mapping[str, str] = {
    "spark": "Spark",
    "postgres": "PostgreSQL",
    "duckdb": "DuckDB",
    "clickhouse": "ClickHouse",
    "trino": "Trino",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
}
"""Scheme of the URL to the name of its engine."""


@dataclass(frozen=True)
class Address:
    """An engine, how to reach it, and the folder in which the facts are kept for it.

    ``options`` are the parameters of the URL other than ``tables``; ``tables`` is empty where the
    engine has tables of its own that somebody else fills.
    """

    scheme: str
    url: str
    options: Mapping[str, str]
    tables: str

    @property
    def engine(self) -> str:
        """The engine's name, as people know it."""
        return ENGINES[self.scheme]

    @property
    def bare(self) -> SplitResult:
        """The URL without its parameters."""
        return urlsplit(self.url)._replace(query="")

    @property
    def without_tables(self) -> str:
        """The URL as Ibis understands it."""
        return urlunsplit(self.bare._replace(query=urlencode(self.options)))


def parse_address(url: str) -> Address:
    """Read an engine's URL.

    Raises:
        InvalidInputError: no engine has this scheme, or the URL cannot be read (code
            ``engine-url``).
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        _refuse("The address of the metrics engine is not a URL.")
    scheme = {"postgresql": "postgres"}.get(parts.scheme, parts.scheme)
    if scheme not in ENGINES:
        _refuse(f"No metrics engine is known under “{parts.scheme}://”.")
    options = dict(parse_qsl(parts.query))
    tables = options.pop("tables", "")
    return Address(scheme, urlunsplit(parts), options, tables)


def _refuse(problem: str) -> NoReturn:
    raise InvalidInputError(
        problem,
        code="engine-url",
        remedy=f"It begins with one of {', '.join(f'{scheme}://' for scheme in ENGINES)}.",
    )
