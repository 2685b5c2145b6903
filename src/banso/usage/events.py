"""What happened to usage data, told after the commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeaturesMarked:
    """Somebody said which features are core or mean a sign-in; metrics over them change."""

    keys: frozenset[str]
