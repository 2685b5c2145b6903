"""Writing metric values column by column, for filters and sorting over all accounts."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice

import numpy as np
from django.db import transaction

from banso.health.models import MetricColumn
from banso.health.selectors.columns import (
    ACCOUNTS,
    FLOAT,
    INT,
    Ints,
    all_columns,
    columns,
)
from banso.health.services.compute.rows import DECIMALS
from banso.health.services.values import Floats
from banso.workspace.services import lease

#: Columns written in one transaction, unless accounts came or went.
TOGETHER = 16
#: One thread at a time reads columns, changes some of their values and writes them.
_writing = threading.Lock()


def publish_columns(account_ids: Sequence[int], values: Mapping[int, Mapping[str, Floats]]) -> None:
    """Put these columns in the place of all others; only those that changed are written.

    Args:
        account_ids: in ascending order.
        values: days ago to metric key to one value per account.
    """
    ids = _row((ACCOUNTS, 0), np.array(account_ids, dtype=INT).tobytes())
    names = {(key, ago) for ago, metrics in values.items() for key in metrics} | {(ACCOUNTS, 0)}
    rows = _rows(values)
    with _writing:
        kept = _digests()
        # A few at a time: all together are hundreds of megabytes, which nobody else waits for.
        # Columns of other accounts than before are of use only with all the rest of them.
        with nullcontext() if kept.get((ACCOUNTS, 0)) == ids.digest else transaction.atomic():
            for key, ago in kept.keys() - names:
                MetricColumn.objects.filter(key=key, days_ago=ago).delete()
            _write([ids], kept)
            while some := list(islice(rows, TOGETHER)):
                _write(some, kept)


def _rows(values: Mapping[int, Mapping[str, Floats]]) -> Iterator[MetricColumn]:
    for ago, metrics in values.items():
        for key, column in metrics.items():
            yield _row((key, ago), np.round(column, DECIMALS).astype(FLOAT).tobytes())


def patch_columns(account_ids: Ints, values: Mapping[str, Floats]) -> None:
    """Put today's values of some accounts into the columns.

    Args:
        account_ids: in ascending order, each once; those not in the columns yet are added.
        values: metric key to one value per account.
    """
    with _writing:
        kept = columns((key, 0) for key in values)
        if len(np.setdiff1d(account_ids, kept.account_ids)):
            everything = all_columns()
            kept = everything.of(np.union1d(everything.account_ids, account_ids))
        at = np.searchsorted(kept.account_ids, account_ids)
        patched = dict(kept.known)
        for key, column in values.items():
            patched[key, 0] = kept.values(key).copy()
            patched[key, 0][at] = np.round(column, DECIMALS)
        payloads = {name: found.astype(FLOAT).tobytes() for name, found in patched.items()}
        payloads[ACCOUNTS, 0] = kept.account_ids.astype(INT).tobytes()
        _write([_row(name, payload) for name, payload in payloads.items()], _digests())


def _digests() -> dict[tuple[str, int], str]:
    return {
        (key, ago): digest
        for key, ago, digest in MetricColumn.objects.values_list("key", "days_ago", "digest")
    }


@transaction.atomic
def _write(rows: Sequence[MetricColumn], kept: Mapping[tuple[str, int], str]) -> None:
    lease.confirm()
    MetricColumn.objects.bulk_create(
        [row for row in rows if kept.get((row.key, row.days_ago)) != row.digest],
        update_conflicts=True,
        unique_fields=["key", "days_ago"],
        update_fields=["values", "digest"],
    )


def _row(name: tuple[str, int], payload: bytes) -> MetricColumn:
    digest = hashlib.blake2b(payload, digest_size=16).hexdigest()
    return MetricColumn(key=name[0], days_ago=name[1], values=payload, digest=digest)
