"""Writing metric values column by column, for filters and sorting over all accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from banso.health.models import MetricColumn
from banso.health.selectors.columns import ACCOUNTS, FLOAT, INT
from banso.health.services.compute.rows import DECIMALS
from banso.health.services.values import Floats


def publish_columns(account_ids: Sequence[int], values: Mapping[int, Mapping[str, Floats]]) -> None:
    """Put these columns in the place of all others; only those that changed are written.

    Args:
        account_ids: in ascending order.
        values: days ago to metric key to one value per account.
    """
    payloads = {
        (key, ago): np.round(column, DECIMALS).astype(FLOAT).tobytes()
        for ago, metrics in values.items()
        for key, column in metrics.items()
    }
    payloads[ACCOUNTS, 0] = np.array(account_ids, dtype=INT).tobytes()
    kept = {
        (key, ago): digest
        for key, ago, digest in MetricColumn.objects.values_list("key", "days_ago", "digest")
    }
    for key, ago in kept.keys() - payloads.keys():
        MetricColumn.objects.filter(key=key, days_ago=ago).delete()
    rows = (_row(name, payload) for name, payload in payloads.items())
    MetricColumn.objects.bulk_create(
        [row for row in rows if kept.get((row.key, row.days_ago)) != row.digest],
        update_conflicts=True,
        unique_fields=["key", "days_ago"],
        update_fields=["values", "digest"],
    )


def _row(name: tuple[str, int], payload: bytes) -> MetricColumn:
    digest = hashlib.blake2b(payload, digest_size=16).hexdigest()
    return MetricColumn(key=name[0], days_ago=name[1], values=payload, digest=digest)
