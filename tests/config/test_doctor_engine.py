"""What the doctor says of the engine that measures everybody."""

from __future__ import annotations

from typing import Any

import pytest

from banso.config.cli.doctor import CHECKS
from banso.config.cli.doctor_engine import engine


def test_nothing_is_said_where_the_warehouse_measures() -> None:
    assert engine in CHECKS
    assert list(engine()) == []


@pytest.mark.parametrize(
    ("url", "state", "text"),
    [
        ("duckdb://", "ok", "DuckDB answers"),
        ("postgres://nobody@127.0.0.1:1/x?connect_timeout=1", "warn", "cannot be reached"),
        ("abacus://x", "warn", "No metrics engine is known"),
    ],
)
def test_an_engine_answers_or_is_stood_in_for(
    settings: Any, url: str, state: str, text: str
) -> None:
    settings.ENGINE_URL = url
    (finding,) = engine()
    assert finding.state == state
    assert text in finding.detail
    assert bool(finding.remedy) == (state != "ok")
