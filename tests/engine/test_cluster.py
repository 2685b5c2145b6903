"""The same metrics on a real Spark cluster, with equal results: script/with-spark runs this."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from banso.engine.evaluate import evaluate
from banso.engine.remote import RemoteFacts, connect, export_facts
from banso.kit.errors import ConflictError
from tests.engine import suite

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.slow,
    # What pyspark asks of newer pandas, and what it leaves to the end of the process to close.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark.*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
OPTIONS = urlencode(
    {
        "spark.driver.memory": "1g",
        "spark.executor.memory": "1g",
        # For small tables, which are over before compiled code pays.
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.ui.showConsoleProgress": "false",
    }
)


@pytest.fixture
def cluster() -> str:
    url = os.environ.get("BANSO_ENGINE_URL", "")
    if not url.startswith("spark://"):
        pytest.fail("There is no Spark cluster; run this by script/with-spark.")
    return f"{url}?{OPTIONS}"


@pytest.fixture
def on_spark(warehouse, cluster, tmp_path) -> Iterator[RemoteFacts]:
    suite.fill(warehouse)
    facts = connect(f"{cluster}&tables={tmp_path}", export_facts(warehouse, str(tmp_path)))
    yield facts
    facts.close()


def test_a_spark_cluster_gives_equal_values(warehouse, on_spark):
    workers = on_spark._backend._session.sparkContext._jsc.sc().getExecutorMemoryStatus()
    assert suite.assert_equal(warehouse, on_spark) > 5_000
    # The driver counts as one; both workers took part.
    assert workers.size() == 3


def test_a_table_that_is_missing_on_the_cluster_is_an_error_to_act_on(cluster, warehouse):
    suite.fill(warehouse)
    facts = connect(cluster, warehouse.datasets())
    with pytest.raises(ConflictError, match="Spark could not answer") as caught:
        evaluate(facts, suite.catalogue(), ["events_28"], suite.AS_OF, [1])
    assert caught.value.code == "engine-failed"
    facts.close()
