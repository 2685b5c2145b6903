"""What the tests of the promises share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.installation import Installation


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An empty installation on SQLite."""
    monkeypatch.delenv("BANSO_DATABASE_URL", raising=False)
    return Installation(tmp_path / "data")
