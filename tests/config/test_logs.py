"""Log lines: one shape for people, one for machines, and nothing personal or secret in either."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from banso.config.logs import formatter
from banso.config.redaction import redacted
from banso.workspace.models import Job
from banso.workspace.services import jobs
from banso.workspace.types import SYSTEM

KEY = "bws_Zk3vT9xQ2mN8rL5wY7pC1dF4hJ6aS0eG"
SECRETS = (
    "aoki@customer.example",
    "hunter2",
    KEY,
    "dXNlcjpwYXNz",
    "株式会社サンプル",
)
LEAKS = (
    "mail to aoki@customer.example bounced",
    "cannot reach postgres://banso:hunter2@db.example/banso",
    f"401 for key {KEY}",
    "header Authorization: Basic dXNlcjpwYXNz",
    f"{{'password': 'hunter2', 'writeKey': '{KEY}', \"cookie\": \"hunter2\"}}",
    "password=hunter2&next=/",
    "DETAIL:  Key (name_key)=(株式会社サンプル) already exists.",
    'DETAIL:  Key (source, lower("email"::text))=(web, aoki@customer.example) already exists.',
    "Failing row contains (1, 株式会社サンプル, aoki@customer.example).",
)


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What is logged, in the shape that the test names."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(request.param))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


both = pytest.mark.parametrize("log", ["json", ""], indirect=True, ids=["json", "people"])
as_json = pytest.mark.parametrize("log", ["json"], indirect=True)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def assert_clean(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("text", LEAKS)
def test_what_a_line_may_not_tell_is_taken_out(text: str) -> None:
    assert_clean(redacted(text))
    assert redacted(redacted(text)) == redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "job 42 of kind health.refresh took 1.5 s at 2026-11-22T20:48:38Z",
        "account 9b2f3c1e-7a40-4a6e-9f39-0c7d6b2d5a11 request 0f343b0931126a20f133d67c2b018a3b",
        'File "/opt/banso/src/banso/workspace/services/bulk_insert.py", line 12, in insert_many',
        "relation workspace_worker_lease_and_figures_of_everything does not exist",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert redacted(text) == text


@both
def test_texts_values_and_tracebacks_are_redacted(log: io.StringIO) -> None:
    logger = logging.getLogger("banso.test")
    for leak in LEAKS:
        logger.warning("about %s", leak, extra={"source": leak})
        try:
            raise ValueError(leak)
        except ValueError:
            logger.exception("failed")
    assert log.getvalue().count("failed") >= len(LEAKS)
    assert_clean(log.getvalue())


@both
def test_lines_with_values_of_their_own_go_the_same_way(log: io.StringIO) -> None:
    logger = structlog.get_logger("banso.test")
    with structlog.contextvars.bound_contextvars(job=7):
        logger.warning("usage batch refused", batch=3, reason=LEAKS[0])
        try:
            raise ValueError(LEAKS[1])
        except ValueError:
            logger.exception("failed", key=KEY)
    assert_clean(log.getvalue())
    for told in ("usage batch refused", "job", "ValueError", "banso.test", "[mail]"):
        assert told in log.getvalue()
    logger.debug("too much")
    assert "too much" not in log.getvalue()


@as_json
def test_a_line_is_one_object_with_what_was_bound_to_it(log: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logging.getLogger("banso.test").warning("two\nlines")
    (line,) = lines(log)
    assert (line["event"], line["level"], line["logger"]) == ("two\nlines", "warning", "banso.test")
    assert line["request_id"] == "r-1"
    assert line["timestamp"].endswith("Z")


@pytest.mark.django_db
@as_json
def test_a_failing_job_is_logged_with_its_kind_and_number(log: io.StringIO) -> None:
    def fail(job: jobs.JobHandle) -> None:
        raise RuntimeError("aoki@customer.example")

    jobs.register("test.fails", fail)
    try:
        job = jobs.start(actor=SYSTEM, kind="test.fails")
        jobs.run_job.func(Job.objects.get(pk=job.pk).pk)
    finally:
        jobs._handlers.pop("test.fails")
    (line,) = [line for line in lines(log) if line["level"] == "error"]
    assert (line["job"], line["kind"]) == (job.pk, "test.fails")
    assert "RuntimeError" in line["exception"]
    assert_clean(log.getvalue())
