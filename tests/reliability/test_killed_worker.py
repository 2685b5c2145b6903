"""A worker that dies while it scores is replaced, and in the end everything is as if it had not."""

from __future__ import annotations

import pytest

from tests.reliability.installation import Installation
from tests.reliability.killed_worker import kill_the_worker


@pytest.mark.slow
def test_kills_while_scoring_lose_nothing(installation: Installation) -> None:
    outcome = kill_the_worker(installation, kills=5, seed=2, longest=0.6)
    assert outcome.while_working >= 3
    assert (outcome.unfinished, outcome.differs) == (0, ())
