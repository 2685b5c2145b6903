"""Publishing metric values of single accounts, as the worker does for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from banso.health.rules.query import CHANGE_DAYS
from banso.health.selectors.columns import columns
from banso.health.services.compute.columns import publish_columns

Values = Mapping[str, float]


def put_values(account: Any, today: Values, earlier: Mapping[int, Values] | None = None) -> None:
    """Set an account's metrics of today and of some days ago; all others keep theirs."""
    from banso.health.models import MetricColumn

    names = list(MetricColumn.objects.exclude(key="").values_list("key", "days_ago"))
    present = columns(names)
    ids = np.union1d(present.account_ids, [account.pk])
    found: dict[int, dict[str, Any]] = {ago: {} for ago in (0, *CHANGE_DAYS)}
    given = {(key, 0): value for key, value in today.items()} | {
        (key, ago): value
        for ago, values in (earlier or {}).items()
        for key, value in values.items()
    }
    for key, ago in {*names, *given}:
        column = np.full(ids.size, np.nan)
        column[np.isin(ids, present.account_ids)] = present.values(key, ago)
        if (key, ago) in given:
            column[ids == account.pk] = given[key, ago]
        found[ago][key] = column
    publish_columns(ids.tolist(), found)
