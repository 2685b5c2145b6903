"""An import that is killed goes on where it stopped, doubles nothing, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.installation import Installation
from tests.reliability.killed_imports import kill_an_import


@pytest.mark.slow
def test_kills_lose_and_double_no_row_and_undo_brings_back_what_was(
    installation: Installation, tmp_path: Path
) -> None:
    outcome = kill_an_import(installation, tmp_path, rows=5_000, kills=8, seed=18)
    assert outcome.kills >= 5
    assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, 0)
    assert outcome.runs == 1, "a second run of the file goes on with the first"
    assert outcome.undo_differs == ()
