"""What an edited scorecard would change, worked out before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from banso.health.rules.scorecard import BANDS, NO_BAND, band_codes, score
from banso.health.rules.spec import ScorecardSpec

#: Band codes in the order of a page: best first, "not enough data" last.
ORDER = (*reversed(range(len(BANDS))), NO_BAND)


@dataclass(frozen=True, slots=True)
class Move:
    """One account that would change band; ``None`` is no score, ``""`` no band."""

    account_id: int
    before: float | None
    after: float | None
    before_band: str
    after_band: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to the accounts that a scorecard judges.

    Attributes:
        accounts: how many it judges.
        changed: how many would change band.
        rescored: how many would get another score, whether or not the band changes.
        bands: band, accounts now, accounts afterwards; best first.
        moves: the accounts that would change band, those that fall farthest first.
    """

    accounts: int
    changed: int
    rescored: int
    bands: tuple[tuple[str, int, int], ...]
    moves: tuple[Move, ...]


def compare_versions(
    present: ScorecardSpec,
    draft: ScorecardSpec,
    account_ids: ArrayLike,
    values: Mapping[str, ArrayLike],
    *,
    most: int = 30,
) -> Preview:
    """Score the same accounts by the present version and by a draft of the next one.

    Both are scored from the same values, so that only the edit makes a difference; what people
    have set by hand stays as it is either way.

    Args:
        values: metric key to one value per account, NaN = none.
        most: how many accounts to name.
    """
    ids = np.asarray(account_ids)
    # A scorecard may use no metric that has values: the ids give the shape all the same.
    shaped = {"": np.full(ids.size, np.nan), **values}
    before, after = score(present, shaped).score, score(draft, shaped).score
    was, becomes = band_codes(before, present), band_codes(after, draft)
    moved = np.flatnonzero(was != becomes)
    fall = np.nan_to_num(after[moved], nan=-1) - np.nan_to_num(before[moved], nan=-1)
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    return Preview(
        accounts=int(ids.size),
        changed=int(moved.size),
        rescored=int((~same).sum()),
        bands=tuple(
            (_word(code), int((was == code).sum()), int((becomes == code).sum())) for code in ORDER
        ),
        moves=tuple(
            Move(
                int(ids[i]),
                _known(before[i]),
                _known(after[i]),
                _word(int(was[i])),
                _word(int(becomes[i])),
            )
            for i in moved[np.argsort(fall, kind="stable")][:most]
        ),
    )


def _word(code: int) -> str:
    return "" if code == NO_BAND else BANDS[code].value


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
