"""The demo company is loaded by the process that then runs the product."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from banso.config.cli import demo
from banso.connectors.services import demo as company
from banso.health.services.warehouse import warehouse

OPEN = "import duckdb, sys; duckdb.connect(sys.argv[1])"


@pytest.mark.django_db
def test_the_worker_can_take_the_warehouse_once_the_demo_is_loaded(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WAREHOUSE_PATH = tmp_path / "warehouse.duckdb"

    def score(_progress: Any) -> None:
        warehouse()

    monkeypatch.setattr(company, "load_demo", lambda **_: None)
    monkeypatch.setattr(demo, "score_now", score)
    demo.load("normal")
    worker = [sys.executable, "-c", OPEN, str(settings.WAREHOUSE_PATH)]
    assert subprocess.run(worker, capture_output=True, text=True).stderr == ""
