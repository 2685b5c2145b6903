"""Another engine may measure everybody, and nobody sees a difference."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import pytest
from structlog.testing import capture_logs

from banso.engine.evaluate import evaluate
from banso.engine.planning import resolve
from banso.engine.remote import RemoteFacts
from banso.health.models import Pulse
from banso.health.services import engines
from banso.health.services.compute.picture import look
from banso.health.services.compute.runs import refresh
from banso.health.services.values import usable_metrics
from banso.health.services.warehouse import warehouse
from tests.conftest import Open
from tests.health.conftest import TODAY, Furnished, House, furnish

WHAT = ("account_id", "score", "band", "coverage")


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), twelve_customers)


def twelve_customers(house: House) -> None:
    for number in range(12):
        account = house.account(f"Company {number}")
        house.line(account, date(2025, 4, 1), seats=5 + number)
        house.use(account, TODAY - timedelta(days=40), 30 + number, users=1 + number)
    refresh()


@pytest.fixture
def expected(house: House) -> list[tuple[Any, ...]]:
    """What the warehouse made of the customers, who are to be judged anew."""
    found = judged()
    assert len(found) == 12
    Pulse.objects.all().delete()
    return found


def measured() -> list[tuple[Any, ...]]:
    refresh()
    return judged()


def judged() -> list[tuple[Any, ...]]:
    return sorted(Pulse.objects.values_list(*WHAT))


@pytest.mark.slow
def test_scores_are_the_same_from_another_engine(
    expected: list[Any], settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    asked = []
    monkeypatch.setattr(
        engines, "evaluate", lambda facts, *rest: asked.append(facts) or evaluate(facts, *rest)
    )
    settings.ENGINE_URL = f"duckdb://?tables={tmp_path}/facts"
    with capture_logs() as logs:
        assert measured() == expected
    assert {type(facts).__name__ for facts in asked} == {"RemoteFacts"}
    assert not [line for line in logs if "passed over" in line["event"]]
    assert len({score for _id, score, *_rest in expected}) > 3


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgres://nobody@127.0.0.1:1/x?connect_timeout=1", "engine-failed"),
        ("duckdb://", "engine-failed"),
        ("clickhouse://127.0.0.1:1/x", "engine-driver"),
        ("abacus://x", "engine-url"),
    ],
)
def test_an_engine_that_fails_keeps_nobody_from_being_scored(
    expected: list[Any], settings: Any, url: str, code: str
) -> None:
    settings.ENGINE_URL = url
    with capture_logs() as logs:
        assert measured() == expected
    assert code in {line["code"] for line in logs if "passed over" in line["event"]}


def test_a_few_accounts_are_measured_in_the_warehouse(
    expected: list[Any], settings: Any, monkeypatch: Any
) -> None:
    settings.ENGINE_URL = "duckdb://"
    monkeypatch.setattr(engines, "connected", lambda store: pytest.fail("asked elsewhere"))
    first = expected[0][0]
    assert look(TODAY, [first]).ids == [first]


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["clickhouse", "trino", "snowflake", "bigquery", "databricks"])
def test_every_metric_that_comes_ready_has_sql(house: Any, dialect: str) -> None:
    """No such server is at hand; that they can be asked is the least that must hold."""
    refresh()
    known, keys = usable_metrics(warehouse())

    class Backend:
        @staticmethod
        def compile(question: Any) -> str:
            return str(ibis.to_sql(question, dialect=dialect))

    facts = RemoteFacts(Backend(), warehouse().datasets(), dialect)
    assert len(keys) > 30
    assert facts.unsupported({key: resolve(known, key) for key in keys}) == {}
