"""Keeping events as usage rows: batches of one source, and the features they name."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import compress
from time import monotonic

import numpy as np
import pyarrow as pa
from django.db import transaction
from numpy.typing import NDArray

from banso.kit import clock
from banso.usage.events import FeaturesMarked
from banso.usage.models import EventSource, Feature, UsageBatch
from banso.usage.rules.intake.moments import Moments, days
from banso.usage.rules.intake.reading import Columns
from banso.usage.services.batches import to_ipc
from banso.workspace.selectors import company_zone
from banso.workspace.services import events

#: What the B2B SaaS specification calls a sign-in.
LOGIN_FEATURES = frozenset({"Signed In"})
#: A feature that was forgotten meanwhile is noted again after so long.
_FORGET_SECONDS = 60.0
_EPOCH = date(1970, 1, 1)


def rows_of(
    source: EventSource,
    columns: Columns,
    accounts: NDArray[np.int64],
    happened: Moments,
    kept: NDArray[np.bool_],
) -> pa.Table:
    """The kept events as rows with ``RAW_COLUMNS``, in the order in which they came."""

    def texts(values: list[str]) -> pa.Array:
        return pa.array(compress(values, kept), pa.string(), size=count)

    count = int(kept.sum())
    times = happened[kept]
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(source.key, pa.string()), count),
            "message_key": texts(columns.key),
            "account_id": pa.array(accounts[kept]),
            "user_key": pa.array(
                [user or None for user in compress(columns.user, kept)], pa.string()
            ),
            "ts": pa.array(times.astype("datetime64[us]")),
            "day": pa.array(days(times, company_zone())).view(pa.date32()),
            "feature": texts(columns.feature),
            "value": pa.array(compress(columns.value, kept), pa.float64(), size=count),
        }
    )


def keep_rows(source: EventSource, rows: pa.Table) -> int:
    """Store rows as a live batch; returns its number."""
    counted = rows["day"].chunk(0).view(pa.int32()).to_numpy()
    batch = UsageBatch.objects.create(
        source=source.key,
        kind=UsageBatch.LIVE,
        rows=rows.num_rows,
        first_day=_EPOCH + timedelta(days=int(counted.min())),
        last_day=_EPOCH + timedelta(days=int(counted.max())),
        payload=to_ipc(rows),
        created_at=clock.now(),
    )
    return batch.pk


class KnownFeatures:
    """Which features are noted already, so that a drain of known ones costs no query."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._since = monotonic()

    def note(self, rows: pa.Table) -> None:
        """Make features known that no earlier rows named; a sign-in is marked as one."""
        if monotonic() - self._since > _FORGET_SECONDS:
            self._known, self._since = set(), monotonic()
        named = set(rows["feature"].unique().to_pylist()) - self._known
        if not named:
            return
        there = set(Feature.objects.filter(key__in=named).values_list("key", flat=True))
        if new := sorted(named - there):
            _create(rows, new)
        # What is rolled back was not noted.
        transaction.on_commit(lambda: self._known.update(named))


def _create(rows: pa.Table, new: list[str]) -> None:
    first = rows.group_by("feature").aggregate([("day", "min")]).to_pydict()
    seen = dict(zip(first["feature"], first["day_min"], strict=True))
    Feature.objects.bulk_create(
        [Feature(key=key, first_seen_on=seen[key], is_login=key in LOGIN_FEATURES) for key in new],
        ignore_conflicts=True,
    )
    if marked := LOGIN_FEATURES.intersection(new):
        events.publish(FeaturesMarked(frozenset(marked)))
