"""A disk that fails or is full: no event is acknowledged that is not kept."""

from __future__ import annotations

import pytest

from tests.reliability.failing_disk import post_to_a_failing_disk
from tests.reliability.installation import Installation


@pytest.mark.slow
def test_nothing_is_acknowledged_that_could_not_be_kept(installation: Installation) -> None:
    outcome = post_to_a_failing_disk(installation, requests=200, sync=5, write=61)
    assert min(outcome.failed_syncs, outcome.full_disks, outcome.refused_at_limit) > 5
    assert outcome.answers[503] >= outcome.failed_syncs + outcome.full_disks
    assert outcome.answers.keys() == {200, 503}
    assert (outcome.lost, outcome.doubled, outcome.waiting) == (0, 0, 0)
    assert outcome.is_whole
    assert outcome.back_seconds < 60
