"""What happened to usage data, told after the commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeaturesMarked:
    """Somebody said which features are core or mean a sign-in; metrics over them change."""

    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class UsageAccepted:
    """Rows of usage were kept and wait for the warehouse."""

    batch_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UsageErased:
    """Rows of a person or an account were taken out of batches, which are stale now."""


@dataclass(frozen=True, slots=True)
class UsageReverted:
    """Rows of usage were taken back."""

    batch_ids: tuple[int, ...]
