"""Reads of the features that usage data names."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from banso.usage.models import Feature


def find_features(*, text: str = "", mark: str = "") -> QuerySet[Feature]:
    """Features by key.

    Args:
        text: part of the key or the name; empty for all.
        mark: ``core``, ``login``, or empty for all.
    """
    found = Feature.objects.order_by("key")
    if text:
        found = found.filter(Q(key__icontains=text) | Q(name__icontains=text))
    if mark in {"core", "login"}:
        found = found.filter(**{f"is_{mark}": True})
    return found


def feature_counts() -> dict[str, int]:
    """How many features there are: ``all``, ``core`` and ``login``."""
    return {
        "all": Feature.objects.count(),
        "core": Feature.objects.filter(is_core=True).count(),
        "login": Feature.objects.filter(is_login=True).count(),
    }
