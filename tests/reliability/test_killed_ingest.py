"""Events that were acknowledged are kept once, whoever is killed while they come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.reliability.installation import Installation
from tests.reliability.killed_ingest import kill_during_ingest
from tests.reliability.servers import IS_POSTGRES, database_of_its_own


@pytest.fixture
def anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An empty installation on what the tests run on."""
    with database_of_its_own("killed") if IS_POSTGRES else nullcontext("") as address:
        if address:
            monkeypatch.setenv("BANSO_DATABASE_URL", address)
        yield Installation(tmp_path / "data")


@pytest.mark.slow
def test_kills_lose_and_double_no_event(anywhere: Installation, tmp_path: Path) -> None:
    outcome = kill_during_ingest(anywhere, tmp_path / "files", events=20_000, kills=8, seed=1)
    assert sum(outcome.kills.values()) == 8
    assert (outcome.lost, outcome.doubled, outcome.strange) == (0, 0, 0)
    assert (outcome.refused, outcome.set_aside) == (0, 0)
    assert outcome.differs == (), "a warehouse that is made anew says the same"
