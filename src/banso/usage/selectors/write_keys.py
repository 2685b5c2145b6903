"""Who may send events."""

from __future__ import annotations

from django.db.models import Q

from banso.kit import clock
from banso.usage.models import WriteKey


def write_keys() -> dict[str, tuple[int, bool]]:
    """Write key → (id of its source, whether it takes events), without retired keys."""
    holds = Q(retired_at=None) | Q(retired_at__gt=clock.now())
    rows = WriteKey.objects.filter(holds).order_by()
    found = rows.values_list("key", "source_id", "source__is_enabled")
    return {key: (source, enabled) for key, source, enabled in found}
