"""What an edited scorecard would change, seen beforehand on the values published last."""

from __future__ import annotations

from banso.health.models import Scorecard
from banso.health.rules.preview import Preview, compare_versions
from banso.health.rules.scorecard import ScorecardSpec
from banso.health.selectors.scorecards import current_version, spec_of
from banso.health.selectors.stored import stored

__all__ = ["Preview", "preview_version"]


def preview_version(scorecard: Scorecard, draft: ScorecardSpec, *, most: int = 30) -> Preview:
    """Compare a draft with the present version on the accounts that the scorecard judges.

    Args:
        most: how many accounts to name.
    """
    mine = stored().of_scorecard(scorecard.pk)
    present = spec_of(current_version(scorecard))
    return compare_versions(present, draft, mine.account_ids, mine.metrics, most=most)
