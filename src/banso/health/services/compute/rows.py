"""From what was judged to the rows that are published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from banso.health.rules.scorecard import BANDS, NO_BAND
from banso.health.rules.signals import stake
from banso.health.services.compute import live
from banso.health.services.compute.past import SPARK, Past
from banso.health.services.compute.picture import Picture
from banso.health.services.compute.pulses import PulseRow
from banso.health.services.judging import Judged
from banso.health.services.values import Floats
from banso.health.types import Direction

#: Decimals with which figures are published; more would only make the rows longer.
DECIMALS = 6


def pulse_rows(
    picture: Picture,
    judged: Judged,
    past: Past,
    score: Floats,
    codes: NDArray[np.int8],
    changes: live.SignalChanges,
) -> list[PulseRow]:
    at_stake = _stakes(picture, score)
    spark = np.round(np.column_stack([past.series(SPARK), score]), 1)
    # In one order however they were measured, or the same figures would look changed.
    metrics = records(dict(sorted(picture.values.items())))
    measures = _measures(picture, judged)
    return [
        PulseRow(
            account_id=account_id,
            as_of=picture.day,
            is_customer=bool(picture.customers[i]),
            version_id=int(judged.version[i]) or None,
            score=_number(score[i]),
            computed_score=_number(judged.score[i]),
            band=_band(codes[i]),
            band_7=_band(past.bands[7][i]),
            coverage=_number(judged.coverage[i]) or 0.0,
            change_7=_number(score[i] - past.scores[7][i]),
            change_28=_number(score[i] - past.scores[28][i]),
            measures=measures[i],
            metrics=metrics[i],
            spark=[_number(value) for value in spark[i].tolist()],
            standing=picture.standing.get(account_id),
            seats=_count(metrics[i], "seats"),
            active_users=_count(metrics[i], "active_users_28d"),
            last_active_on=picture.used.get(account_id, (None, None))[1],
            risks_open=changes.live.get(account_id, {}).get(Direction.RISK, 0),
            opportunities_open=changes.live.get(account_id, {}).get(Direction.OPPORTUNITY, 0),
            stake=round(float(at_stake[i]), 2),
        )
        for i, account_id in enumerate(picture.ids)
    ]


def _stakes(picture: Picture, score: Floats) -> Floats:
    standing = [picture.standing.get(one) for one in picture.ids]
    arr = np.array([float(one.recurring.arr.amount) if one else 0.0 for one in standing])
    days = [
        (one.renewal_on - picture.day).days if one and one.renewal_on else np.nan
        for one in standing
    ]
    found = stake(arr, score, np.array(days, dtype=np.float64))
    return np.where(picture.customers, found, 0.0)


def records(values: Mapping[str, Floats]) -> list[dict[str, float]]:
    """Columns turned into one JSON object per account, without what is not known."""
    keys = list(values)
    columns = [np.round(values[key], DECIMALS).tolist() for key in keys]
    return [
        {key: value for key, value in zip(keys, row, strict=True) if value == value}
        for row in zip(*columns, strict=True)
    ]


def _measures(picture: Picture, judged: Judged) -> list[dict[str, list[float | None]]]:
    """Measure key to [value, points] per account, for what has points."""
    nothing = np.full(len(picture.ids), np.nan)
    points = records(judged.points)
    values = records({key: picture.values.get(key, nothing) for key in judged.points})
    if not points:
        return [{} for _ in picture.ids]
    return [
        {key: [known.get(key), reached] for key, reached in row.items()}
        for row, known in zip(points, values, strict=True)
    ]


def _number(value: float) -> float | None:
    number = float(value)
    return round(number, DECIMALS) if number == number else None


def _band(code: np.int8) -> str:
    return "" if code == NO_BAND else BANDS[code].value


def _count(metrics: Mapping[str, float], key: str) -> int | None:
    return int(metrics[key]) if key in metrics else None
