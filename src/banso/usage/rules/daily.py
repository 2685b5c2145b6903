"""Single events counted by the day: what is kept of those of long ago."""

from __future__ import annotations

from hashlib import md5

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from banso.usage.types import DAILY_COLUMNS

_ALIKE = ["source", "account_id", "user_key", "day", "feature"]


def event_keys(rows: pa.Table) -> pa.ChunkedArray:
    """Source and message key of each row as one text."""
    return pc.binary_join_element_wise(rows["source"], rows["message_key"], "\0")


def key_digests(rows: pa.Table) -> NDArray[np.uint64]:
    """Eight bytes for each row that tell its event from all others of its source."""
    texts = event_keys(rows).to_pylist()
    whole = (md5(text.encode(), usedforsecurity=False).digest()[:8] for text in texts)
    return np.frombuffer(b"".join(whole), dtype="<u8")


def first_of_each(rows: pa.Table) -> pa.Table:
    """Rows of single events without those whose key stood further up."""
    keys = pa.table({"key": event_keys(rows), "at": np.arange(rows.num_rows)})
    firsts = keys.group_by("key").aggregate([("at", "min")])["at_min"]
    return rows.take(firsts)


def without(rows: pa.Table, keys: pa.Table) -> pa.Table:
    """Rows of single events without those of some keys (columns source and message_key)."""
    gone = pc.is_in(event_keys(rows), value_set=event_keys(keys).combine_chunks())
    return rows.filter(pc.invert(gone))


def by_day(rows: pa.Table, name: str) -> pa.Table:
    """Single events as rows with ``DAILY_COLUMNS``, one per user, day and feature.

    Args:
        name: begins the keys of the rows, which are to be like no others.
    """
    counted = rows.group_by(_ALIKE).aggregate([([], "count_all"), ("value", "sum")])
    columns = {
        **{key: counted[key] for key in _ALIKE},
        "row_key": pa.array([f"{name}:{at}" for at in range(counted.num_rows)], pa.string()),
        "events": counted["count_all"],
        "value": counted["value_sum"],
    }
    return pa.table({key: columns[key] for key in DAILY_COLUMNS}, schema=pa.schema(DAILY_COLUMNS))
