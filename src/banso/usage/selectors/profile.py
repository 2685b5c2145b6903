"""Reads of the usage that the worker has published per account."""

from __future__ import annotations

from typing import Any

from banso.usage.models import Feature, UsageProfile
from banso.usage.types import Profile


def profile_of(account: Any) -> Profile | None:
    """The account's usage of the last 13 months, or None while there is none."""
    payload = (
        UsageProfile.objects.filter(account_id=account.pk).values_list("payload", flat=True).first()
    )
    return None if payload is None else Profile.from_bytes(bytes(payload))


def feature_labels() -> dict[str, tuple[str, bool]]:
    """Feature key to its name and whether it is core."""
    rows = Feature.objects.values_list("key", "name", "is_core")
    return {key: (name or key, is_core) for key, name, is_core in rows}
