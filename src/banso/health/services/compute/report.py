"""Scores as plain rows, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from banso.accounts.selectors.book import find_ids, names_and_keys
from banso.health.rules.scorecard import BANDS, NO_BAND, shown
from banso.health.selectors.months import overridden, override_spans
from banso.health.services.compute.picture import Picture, look
from banso.health.services.judging import Deck, Judged, bands, judge
from banso.kit.errors import NotFoundError
from banso.workspace.selectors import business_day


def score_rows(as_of: date | None = None, account_ref: str | None = None) -> list[dict[str, Any]]:
    """Score, band, coverage and measures of every account, or of one, as of a day.

    Args:
        account_ref: a public id, a source's id or the exact name.

    Raises:
        NotFoundError: no account is meant by it.
    """
    ids = _ids(account_ref)
    day = as_of or business_day()
    picture, deck = look(day, ids), Deck.load()
    versions = deck.versions_on(deck.cards_of(picture.rows), day)
    judged = judge(deck, versions, picture.values, picture.customers)
    spans = override_spans(picture.ids)
    score = np.where(picture.customers, overridden(judged.score, picture.ids, spans, day), np.nan)
    codes = bands(deck, judged.version, score)
    names = names_and_keys(ids)
    keys = deck.metric_keys(set(judged.version.tolist()))
    return [
        {
            "account": names[account_id][2] or str(names[account_id][0]),
            "uid": str(names[account_id][0]),
            "name": names[account_id][1],
            "as_of": day.isoformat(),
            "is_customer": bool(picture.customers[i]),
            "score": shown(float(score[i])),
            "unrounded": _plain(score[i]),
            "band": "" if codes[i] == NO_BAND else BANDS[codes[i]].value,
            "coverage": _plain(judged.coverage[i]),
            "measures": _measures(picture, judged, keys, i),
        }
        for i, account_id in enumerate(picture.ids)
    ]


def _ids(account_ref: str | None) -> Sequence[int] | None:
    if account_ref is None:
        return None
    found = find_ids(account_ref)
    if not found:
        raise NotFoundError(
            f"There is no account “{account_ref}”.",
            remedy="Give its id, its id in your own files, or its exact name.",
        )
    return found


def _measures(
    picture: Picture, judged: Judged, keys: Sequence[str], i: int
) -> dict[str, float | None]:
    """Value and points of each measure; all rows have the same entries, for a table."""
    found: dict[str, float | None] = {}
    for key in keys:
        found[key] = _plain(picture.values[key][i]) if key in picture.values else None
        found[f"{key}_points"] = _plain(judged.points[key][i]) if key in judged.points else None
    return found


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
