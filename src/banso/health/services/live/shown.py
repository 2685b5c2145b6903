"""Telling which accounts look different to people since they were published last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from banso.health.rules.signals import BoolArray, matches
from banso.health.services.compute.assessment import Assessment
from banso.health.services.compute.live import ActiveRule


class Shown:
    """The score in whole points, the band and the rules that hold, per published account."""

    def __init__(self) -> None:
        self._faces: dict[int, bytes] = {}

    def changed(self, found: Assessment, rules: Sequence[ActiveRule]) -> BoolArray:
        """Which accounts look different; those seen for the first time do."""
        faces = _faces(found, rules)
        known = zip(found.picture.ids, faces, strict=True)
        return np.array([self._faces.get(one) != face for one, face in known], dtype=bool)

    def note(self, found: Assessment, rules: Sequence[ActiveRule]) -> None:
        """These accounts have been published."""
        self._faces.update(zip(found.picture.ids, _faces(found, rules), strict=True))


def _faces(found: Assessment, rules: Sequence[ActiveRule]) -> list[bytes]:
    score = np.nan_to_num(np.floor(found.score), nan=-1).astype(np.int16)
    columns = [score, found.codes.astype(np.int16)]
    columns += [matches(rule.conditions, found.inputs).astype(np.int16) for rule in rules]
    return [row.tobytes() for row in np.column_stack(columns)]
