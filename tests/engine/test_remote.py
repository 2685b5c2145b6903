"""The same metrics on other engines than the warehouse, with equal results."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import ibis
import pytest

from banso.engine.evaluate import evaluate
from banso.engine.planning import resolve
from banso.engine.remote import RemoteFacts, connect, export_facts, parse_address
from banso.engine.warehouse import Warehouse
from banso.engine.warehouse.specs import table_of
from banso.kit.errors import ConflictError, InvalidInputError, NotFoundError
from tests.engine import suite


@pytest.fixture(scope="module")
def company() -> Iterator[Warehouse]:
    """The company of the suite, which no test changes."""
    with Warehouse.open(":memory:", threads=1) as warehouse:
        suite.fill(warehouse)
        yield warehouse


POSTGRES = os.environ.get("BANSO_DATABASE_URL", "")
ENGINES = ["files", *(["postgres"] if POSTGRES.startswith("postgres") else [])]


@pytest.fixture
def in_postgres(company) -> Iterator[RemoteFacts]:
    """The facts in a schema of their own of the server that the tests run on."""
    url = f"{POSTGRES}{'&' if urlsplit(POSTGRES).query else '?'}schema=banso_test_facts"
    facts = connect(url, company.datasets())
    facts._backend.raw_sql("CREATE SCHEMA banso_test_facts")
    for spec in company.datasets().values():
        rows = company.query(f"SELECT {', '.join(spec.all_columns)} FROM {table_of(spec.name)}")
        facts._backend.create_table(table_of(spec.name), rows)
    yield facts
    facts._backend.raw_sql("DROP SCHEMA banso_test_facts CASCADE")
    facts.close()


@pytest.fixture
def in_files(company, tmp_path) -> Iterator[RemoteFacts]:
    specs = export_facts(company, str(tmp_path / "it's facts"))
    facts = connect(f"duckdb://?tables={tmp_path}/it's facts", specs)
    yield facts
    facts.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_another_engine_gives_equal_values(company, engine, request):
    facts = request.getfixturevalue(f"in_{engine}")
    assert suite.assert_equal(company, facts) > 5_000


def test_the_suite_sees_values_of_every_kind(company):
    known = suite.catalogue()
    table = evaluate(company, known, list(known), suite.AS_OF, suite.ASKED)
    never_empty = {key for key in known if table[key].null_count == 0}
    always_empty = {key for key in known if table[key].null_count == len(table)}
    assert {"events_28", "nps_latest", "arr_change"} & never_empty == {"events_28"}
    assert always_empty == {"no_calls", "calls_average"}
    assert all(len(table[key].unique()) > 2 for key in set(known) - always_empty)


def test_an_export_takes_the_place_of_the_former(warehouse, tmp_path):
    suite.fill(warehouse)
    specs = export_facts(warehouse, str(tmp_path))
    warehouse.remove_batches([1])
    export_facts(warehouse, f"file://{tmp_path}")
    facts = connect(f"duckdb://?tables={tmp_path}", specs)
    assert facts.extents(["feature_days", "nps"])["feature_days"].rows == 0
    assert suite.assert_equal(warehouse, facts) > 5_000
    assert len(list((tmp_path / "feature_days").iterdir())) == 1


def test_only_folders_are_written(company):
    with pytest.raises(InvalidInputError) as caught:
        export_facts(company, "s3://bucket/facts")
    assert caught.value.code == "engine-tables"


@pytest.mark.parametrize("url", ["", "mongodb://x", "http://[", "spark"])
def test_other_addresses_are_refused(url):
    with pytest.raises(InvalidInputError) as caught:
        parse_address(url)
    assert caught.value.code == "engine-url"


def test_an_address_says_engine_options_and_folder():
    address = parse_address("spark://host:7077/sales?tables=/a%20b&spark.executor.memory=2g")
    assert (address.engine, address.tables) == ("Spark", "/a b")
    assert address.options == {"spark.executor.memory": "2g"}
    assert parse_address("postgresql://h/d?tables=x&a=b").without_tables == "postgresql://h/d?a=b"


def test_a_missing_driver_is_named():
    with pytest.raises(ConflictError, match="ClickHouse") as caught:
        connect("clickhouse://127.0.0.1:1/x", {})
    assert caught.value.code == "engine-driver"


def test_clickhouse_is_told_to_keep_empty_values_empty(monkeypatch):
    asked = {}
    monkeypatch.setattr(ibis, "connect", lambda url, **more: asked.update(url=url, **more))
    connect("clickhouse://u:p@host:8443/x?secure=True&tables=/lake", {})
    assert asked["url"] == "clickhouse://u:p@host:8443/x?secure=True"
    assert asked["settings"] == {"join_use_nulls": 1, "aggregate_functions_null_for_empty": 1}


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("postgres://nobody@127.0.0.1:1/x?connect_timeout=1", "PostgreSQL"),
        ("spark://127.0.0.1:1,127.0.0.1:2", "Spark"),
        ("spark://127.0.0.1", "Spark"),
    ],
)
def test_an_engine_that_cannot_be_reached_is_named(url, engine):
    with pytest.raises(ConflictError, match=engine) as caught:
        connect(url, {})
    assert caught.value.code == "engine-failed"


def test_an_engine_without_the_tables_says_so(company):
    facts = connect("duckdb://", company.datasets())
    with pytest.raises(ConflictError, match="DuckDB could not answer") as caught:
        evaluate(facts, suite.catalogue(), ["events_28"], suite.AS_OF, [1])
    assert caught.value.code == "engine-failed"


def test_an_unknown_dataset_is_said(in_files):
    with pytest.raises(NotFoundError):
        in_files.spec("weather")


def test_a_metric_that_an_engine_cannot_express_is_named(company, in_files, monkeypatch):
    """DuckDB expresses all of them, so it refuses rankings here as a lesser engine would."""

    def refusing(question, **more):
        if question.op().find(ibis.expr.operations.RowNumber):
            raise ibis.common.exceptions.OperationNotDefinedError("no ranking here")
        return allowing(question, **more)

    allowing = in_files._backend.compile
    monkeypatch.setattr(in_files._backend, "compile", refusing)
    known = suite.catalogue()
    with pytest.raises(InvalidInputError, match=r"nps_latest \(no ranking here\)") as caught:
        evaluate(in_files, known, ["events_28", "nps_latest"], suite.AS_OF, [1])
    assert caught.value.code == "engine-expression"
    assert "events_28" not in str(caught.value)


@pytest.mark.parametrize(
    "dialect", ["clickhouse", "trino", "snowflake", "bigquery", "databricks", "postgres", "duckdb"]
)
def test_every_metric_has_sql_in_the_dialect(company, dialect):
    backend = _CompileOnly(dialect)
    facts = RemoteFacts(backend, company.datasets(), dialect)
    known = suite.catalogue()
    resolved = {key: resolve(known, key) for key in known}
    assert facts.unsupported(resolved) == {}
    assert backend.compiled == len(known)


class _CompileOnly:
    """What a backend does without a server: say how it would ask."""

    def __init__(self, dialect: str) -> None:
        self._dialect, self.compiled = dialect, 0

    def compile(self, question: ibis.Table) -> str:
        sql = str(ibis.to_sql(question, dialect=self._dialect))
        assert "1000" not in sql, "a day has not been put in"
        self.compiled += 1
        return sql
