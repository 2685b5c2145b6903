"""Bringing the warehouse up to what the database holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from banso.engine.datasets import DatasetSpec
from banso.engine.warehouse import BatchKind, Warehouse
from banso.health.selectors.metrics import USAGE_PARTS, dataset_specs
from banso.health.services.pending import pending
from banso.health.services.warehouse import given, warehouse
from banso.kit.errors import InvalidInputError
from banso.usage.selectors.batches import (
    batch_rows,
    existing_batches,
    features_marked,
    stale_batches,
    unjudged_batches,
    valid_batches,
)
from banso.usage.services.batches import mark_fresh, mark_projected, mark_refused, mark_removed
from banso.usage.types import StaleBatch
from banso.workspace.selectors import datasets

logger = structlog.get_logger(__name__)
Progress = Callable[[int, int, str], None]
_ARROW = {"int": pa.int64(), "float": pa.float64(), "text": pa.string(), "day": pa.date32()}


@dataclass
class SyncResult:
    """What a sync did: batches in and out, and whose usage changed since which day.

    The changes include those of earlier syncs that nobody judged, because the worker died in
    between or only looked; :func:`settle` says that they have been judged.
    """

    loaded: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    accounts: set[int] = field(default_factory=set)
    first_day: date | None = None
    datasets: list[str] = field(default_factory=list)
    came: list[int] = field(default_factory=list)
    went: list[int] = field(default_factory=list)
    stale: list[StaleBatch] = field(default_factory=list)


def nothing(done: int, total: int, note: str) -> None:
    """Progress that nobody watches."""
    del done, total, note


def sync_warehouse(progress: Progress = nothing) -> SyncResult:
    """Load batches that are missing, take reverted ones out, replace datasets that changed.

    What is in the warehouse decides, not what the database remembers of it: a warehouse that was
    deleted or restored is filled again by itself.
    """
    store, result = warehouse(), SyncResult()
    # In this order: a batch that comes in between is kept before it is loaded, so that it would
    # otherwise be present without being wanted.
    present = loaded_batches(store)
    result.stale = stale_batches()
    wanted = valid_batches()
    gone = sorted(present - {batch.id for batch in wanted})
    if gone:
        store.remove_batches(gone)
        result.removed = gone
    take_over(store, result.stale)
    for changed in result.stale:
        _note(result, changed.accounts, changed.first_day)
    missing = [batch for batch in wanted if batch.id not in present]
    with store.many() if len(missing) > 1 else nullcontext():
        for done, batch in enumerate(missing):
            progress(done, len(missing), "usage")
            _load(store, batch.id, batch.kind, result)
    _note_unjudged(result)
    _replace_datasets(store, result)
    return result


def settle(result: SyncResult) -> None:
    """Say that the accounts were judged by what a sync brought."""
    mark_projected(result.came)
    mark_removed(result.went)
    mark_fresh(result.stale)


def take_over(store: Warehouse, stale: Sequence[StaleBatch]) -> None:
    """Have batches that were changed in the warehouse as they are now, as far as it has them."""
    present = loaded_batches(store)
    kinds = {batch.id: batch.kind for batch in valid_batches()} if stale else {}
    for batch in stale:
        if batch.id in present and batch.id in kinds:
            store.replace_batch(batch.id, kinds[batch.id], batch_rows(batch.id))


def _note_unjudged(result: SyncResult) -> None:
    came, went = unjudged_batches()
    # What waits in the queue of live events is judged, and said to be, by the thread that has it.
    result.came = sorted({*came, *result.loaded} - {*result.refused} - pending.tracked())
    result.went = sorted({*went, *result.removed})
    # Those that were put together with others are gone; the one in their place was loaded.
    for batch_id in existing_batches({*result.came, *result.went} - {*result.loaded}):
        _touch(result, batch_rows(batch_id))


def loaded_batches(store: Warehouse) -> set[int]:
    """The batches that the warehouse has."""
    return set(store.query("SELECT batch_id FROM loaded_batches")["batch_id"].to_pylist())


def _load(store: Warehouse, batch_id: int, kind: BatchKind, result: SyncResult) -> None:
    rows = batch_rows(batch_id)
    try:
        store.load_batch(batch_id, kind, rows)
    except InvalidInputError as error:
        # One batch that cannot be taken must not keep the others out.
        logger.error("usage batch refused", batch=batch_id, reason=str(error))
        mark_refused(batch_id, str(error))
        result.refused.append(batch_id)
        return
    result.loaded.append(batch_id)
    _touch(result, rows)


def _touch(result: SyncResult, rows: pa.Table) -> None:
    _note(result, pc.unique(rows["account_id"]).to_pylist(), pc.min(rows["day"]).as_py())


def _note(result: SyncResult, accounts: Collection[int], first: date | None) -> None:
    result.accounts.update(accounts)
    if accounts and first is not None:
        result.first_day = min(first, result.first_day or first)


def _replace_datasets(store: Warehouse, result: SyncResult) -> None:
    specs = dataset_specs()
    for name, dataset in datasets().items():
        table = _table(specs[name], dataset.load(None))
        digest = _digest(table)
        if given.get(name) != digest:
            store.replace_dataset(specs[name], table)
            given[name] = digest
            result.datasets.append(name)
    parts = {
        "core_feature_days": features_marked(core=True),
        "login_days": features_marked(login=True),
    }
    for name, keys in parts.items():
        if given.get(name) != repr(keys):
            store.replace_part(USAGE_PARTS[name], keys)
            given[name] = repr(keys)
            result.datasets.append(name)


def replace_datasets_of(account_ids: Collection[int]) -> None:
    """Bring what rooms know of some accounts into the warehouse, without reading all the rest."""
    store, specs = warehouse(), dataset_specs()
    for name, dataset in datasets().items():
        if name in given:
            table = _table(specs[name], dataset.load(account_ids))
            store.replace_rows_of(specs[name], account_ids, table)
            # The next sync finds out that these are not the rows that it gave.
            given[name] = ""


def _table(spec: DatasetSpec, columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    kinds = spec.all_columns
    return pa.table(
        {name: pa.array(values, _ARROW[kinds[name]]) for name, values in columns.items()}
    )


def _digest(table: pa.Table) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for column in table.combine_chunks().columns:
        for chunk in column.chunks:
            digest.update(str(len(chunk)).encode())
            for buffer in chunk.buffers():
                digest.update(memoryview(buffer) if buffer is not None else b"-")
    return digest.hexdigest()
