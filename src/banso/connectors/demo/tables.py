"""Writing the files: UTF-8 CSV with LF line ends, JSON with sorted keys."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.features import FEATURES
from banso.connectors.demo.timeline import Timeline
from banso.connectors.demo.usage import UsageRows
from banso.connectors.demo.users import user_key

USAGE_COLUMNS = ("account_external_id", "user_key", "day", "feature", "events")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows under a header; returns their number."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def write_json(path: Path, content: object) -> None:
    """Write plain records for people and programs to read."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _picked(names: list[str], picks: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    """Names repeated by index, without a Python string per row."""
    return pa.array(names, pa.string()).take(pa.array(picks))


def _usage_batch(rows: UsageRows, customers: Customers, days: list[str]) -> pa.Table:
    users = rows.users
    accounts = [customers.external_id(int(account)) for account in users.account]
    pairs = zip(users.account.tolist(), users.number.tolist(), strict=True)
    columns = (
        _picked(accounts, rows.user),
        _picked([user_key(account, number) for account, number in pairs], rows.user),
        _picked(days, rows.day),
        _picked([feature.key for feature in FEATURES], rows.feature),
        pa.array(rows.events),
    )
    return pa.table(dict(zip(USAGE_COLUMNS, columns, strict=True)))


def write_usage(
    path: Path, chunks: Iterable[UsageRows], customers: Customers, timeline: Timeline
) -> int:
    """Write the usage file chunk by chunk; returns the number of rows."""
    days = [day.isoformat() for day in timeline.calendar()]
    count = 0
    # Ids, dates and keys never need quotes.
    options = pacsv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as stream:
        stream.write((",".join(USAGE_COLUMNS) + "\n").encode())
        for rows in chunks:
            pacsv.write_csv(_usage_batch(rows, customers, days), stream, options)
            count += len(rows.user)
    return count
