"""The warehouse as one object: who holds the file, transactions, and what can be asked."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from banso.engine.datasets import DatasetSpec
from banso.engine.warehouse import batches, contents, live, rollups, schema, specs
from banso.engine.warehouse.batches import LoadResult
from banso.engine.warehouse.closeup import Closeup
from banso.engine.warehouse.contents import Extent
from banso.engine.warehouse.hot import HotUsers
from banso.engine.warehouse.schema import LIVE, BatchKind
from banso.kit.errors import ConflictError, NotFoundError

LOG = "128MB"
"""How far the log may grow before it is folded into the file, which holds up what arrives then."""
RESTING = "20MB"
"""What DuckDB keeps in memory of a warehouse that nobody asks."""
LOG_OF_MANY = "1GB"
"""How far the log may grow while many batches are loaded."""
DENSE_BITS = 18
"""The bits of the greatest span of account numbers, a quarter of a million, that is laid out."""
USAGE_EXTENTS = frozenset({"feature_days", "user_days", "account_days"})
"""Datasets that grow with every live batch; of others only the first day may become earlier."""


class Warehouse:
    """A DuckDB file held by this process. Calls from several threads take turns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, memory_limit: str) -> None:
        self._connection, self._memory = connection, memory_limit
        self._lock = threading.RLock()
        #: Held by whoever reads aside, so that the file is not closed meanwhile.
        self._aside = threading.Lock()
        self._specs: dict[str, DatasetSpec] | None = None
        self._extents: dict[str, Extent] = {}
        self._closeup, self._hot = Closeup(connection), HotUsers()

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        memory_limit: str = "2GB",
        threads: int | None = None,
    ) -> Warehouse:
        """Open the file, or create it; ``:memory:`` keeps nothing.

        Args:
            memory_limit: what DuckDB may use before it spills to disk, such as ``"500MB"``.
            threads: DuckDB's threads; all cores when not given.

        Raises:
            ConflictError: another process holds the file (code ``warehouse-busy``), it has another
                layout (``warehouse-version``) or is no warehouse at all (``warehouse-damaged``).
        """
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory_limit,
            "checkpoint_threshold": LOG,
        }
        if threads is not None:
            config["threads"] = threads
        try:
            connection = duckdb.connect(str(path), config=config)
        except duckdb.IOException as error:
            conflict = schema.open_conflict(path, str(error))
            if conflict is None:
                raise
            raise conflict from error
        try:
            schema.prepare(connection)
        except ConflictError:
            connection.close()
            raise
        return cls(connection, memory_limit)

    def close(self) -> None:
        """Let go of the file."""
        with self._aside, self._lock:
            self._closeup.close()
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def rest(self) -> None:
        """Give back the memory of what was read last, which nobody may ask for soon."""
        with self._lock:
            # What is in use beyond the limit cannot be given back, which is no reason to fail.
            with suppress(duckdb.OutOfMemoryException):
                self._connection.execute(f"SET memory_limit = '{RESTING}'")
            self._connection.execute(f"SET memory_limit = '{self._memory}'")

    @contextmanager
    def aside(self) -> Iterator[Warehouse]:
        """The facts as they are now, to be read for long without anybody waiting; one at a time."""
        with self._aside:
            with self._lock:
                reader = Warehouse(self._connection.cursor(), self._memory)
                reader._specs, reader._extents = self._specs, dict(self._extents)
            with reader:
                yield reader

    @contextmanager
    def many(self) -> Iterator[None]:
        """Load many batches one after another and bring the file up to date once, at the end.

        Each is durable in the log as soon as it is in. DuckDB would fold the log into the file
        every 16 MB, which takes a third of the time of a first load.
        """
        with self._lock:
            self._connection.execute(f"SET checkpoint_threshold = '{LOG_OF_MANY}'")
        try:
            yield
        finally:
            with self._lock:
                self._connection.execute(f"SET checkpoint_threshold = '{LOG}'; FORCE CHECKPOINT")

    # Usage facts

    def load_batch(self, batch_id: int, kind: BatchKind, table: pa.Table) -> LoadResult:
        """Take a batch of usage facts in and bring the roll-ups up to date, all or nothing.

        Args:
            batch_id: unique over both kinds; loading it again changes nothing.
            kind: ``raw``: columns source, message_key, account_id, user_key, ts (UTC), day,
                feature, value. ``counted``: source, row_key, account_id, user_key, day, feature,
                events, users, value. ``daily``: these without users.

        Raises:
            InvalidInputError: a column or a required cell is missing or of another type.
            ConflictError: the batch was loaded before as the other kind.
        """
        if kind == LIVE:
            self.load_live([(batch_id, table)])
            return LoadResult(table.num_rows, 0, 0)
        with self._writing() as connection:
            self._hot.forget()
            result = batches.load(connection, batch_id, kind, table)
            rollups.refresh(connection)
            return result

    def load_live(self, arrived: Sequence[tuple[int, pa.Table]]) -> None:
        """Append batches of raw events whose keys are new, all or nothing.

        Args:
            arrived: (batch id, rows); batches that are in already are left alone.

        Raises:
            InvalidInputError: a column or a required cell is missing or of another type.
        """
        with self._writing(keep=True) as connection:
            live.append(connection, arrived, self._hot)
            self._grow(arrived)
        for _batch_id, table in arrived:
            self._closeup.note(table)

    def live_keys(self, since: int) -> dict[str, NDArray[np.uint64]]:
        """Halves of the MD5 digests of source, NUL and message key of live events.

        Args:
            since: the first batch whose keys are wanted.
        """
        sql = (
            "SELECT md5_number_upper(text) AS upper, md5_number_lower(text) AS lower FROM ("
            "SELECT source || chr(0) || message_key AS text FROM raw_events "
            f"WHERE batch_id >= {int(since)} AND batch_id IN "
            f"(SELECT batch_id FROM loaded_batches WHERE kind = '{LIVE}'))"
        )
        with self._lock:
            found: dict[str, NDArray[np.uint64]] = self._connection.execute(sql).fetchnumpy()
        return found

    def remove_batches(self, batch_ids: Sequence[int]) -> None:
        """Take batches out as if they had never been loaded; what they replaced comes back."""
        with self._writing() as connection:
            self._hot.forget()
            batches.remove(connection, batch_ids)
            rollups.refresh(connection)

    def replace_batch(self, batch_id: int, kind: BatchKind, table: pa.Table) -> None:
        """Let a batch hold other rows than it did, perhaps of another kind, all or nothing.

        Raises:
            InvalidInputError: a column or a required cell is missing or of another type.
        """
        with self._writing() as connection:
            self._hot.forget()
            batches.remove(connection, [batch_id])
            rollups.refresh(connection)
            if kind == LIVE:
                live.append(connection, [(batch_id, table)], self._hot)
            else:
                batches.load(connection, batch_id, kind, table)
                rollups.refresh(connection)

    def repeated_keys(self, batch_id: int) -> tuple[pa.Table, pa.Table]:
        """Keys that a batch of raw events shares with others.

        Returns:
            Source and message key of the batch's rows that do not count because others came first;
            and batch, source and message key of others' rows that do not count because of it.
        """
        lost = f"SELECT source, message_key FROM raw_events_shadowed WHERE batch_id = {batch_id:d}"
        won = (
            "SELECT batch_id, source, message_key FROM raw_events_shadowed "
            f"WHERE batch_id <> {batch_id:d} AND (source, message_key) IN "
            f"(SELECT (source, message_key) FROM raw_events WHERE batch_id = {batch_id:d})"
        )
        return self.query(lost), self.query(won)

    def merge_batches(self, former: Sequence[int], batch_id: int) -> None:
        """Let the rows of several live batches be those of one; nothing else changes."""
        with self._writing(keep=True) as connection:
            live.merge(connection, former, batch_id)

    # Datasets

    def replace_dataset(self, spec: DatasetSpec, table: pa.Table) -> None:
        """Keep a dataset whole, in the place of its former rows.

        Raises:
            InvalidInputError: the rows do not have the columns of the spec.
        """
        with self._writing() as connection:
            specs.replace_rows(connection, spec, table)

    def replace_rows_of(
        self, spec: DatasetSpec, account_ids: Collection[int], table: pa.Table
    ) -> None:
        """Keep a dataset's rows of some accounts, in the place of their former ones.

        Raises:
            InvalidInputError: the rows do not have the columns of the spec.
        """
        with self._writing(keep=True) as connection:
            specs.replace_rows_of(connection, spec, account_ids, table)
            self._extents.pop(spec.name, None)

    def replace_part(self, spec: DatasetSpec, features: Sequence[str]) -> None:
        """Offer the daily use of some features as a dataset of its own.

        Args:
            spec: event grain, with the columns of ``feature_days``.
            features: their keys; without any the dataset is empty.
        """
        with self._writing() as connection:
            specs.replace_part(connection, spec, features)

    def datasets(self) -> dict[str, DatasetSpec]:
        """Everything that can be measured, by name."""
        with self._lock:
            if self._specs is None:
                self._specs = specs.read_specs(self._connection)
            return dict(self._specs)

    def spec(self, name: str) -> DatasetSpec:
        """One dataset.

        Raises:
            NotFoundError: there is none of that name.
        """
        found = self.datasets().get(name)
        if found is None:
            raise NotFoundError(
                f"There is no dataset “{name}” in the warehouse.",
                code="unknown-dataset",
                remedy="Load it first, empty if it has no rows.",
            )
        return found

    def extent(self, name: str) -> Extent:
        """How far a dataset reaches; an empty one begins on 9999-12-31.

        Raises:
            NotFoundError: there is no dataset of that name.
        """
        spec = self.spec(name)
        with self._lock:
            if name not in self._extents:
                table = specs.table_of(name)
                self._extents[name] = contents.extent(self._connection, table, spec.day_column)
            return self._extents[name]

    # Reads

    def hold(self, account_ids: Collection[int]) -> None:
        """Have the use of a few accounts at hand, which will be asked about again and again."""
        with self._lock:
            self._closeup.hold(account_ids)

    def query(
        self, sql: str, requested: pa.Table | None = None, *, dense: bool = False
    ) -> pa.Table:
        """Run a statement.

        Args:
            requested: the accounts that it asks about, visible to it as a table of that name.
            dense: it groups by account and most accounts have a group, so that groups are laid
                out by the accounts' numbers instead of being looked up.
        """
        if requested is None:
            with self._lock:
                return self._connection.execute(sql).to_arrow_table()
        with self._reading(requested["account_id"]) as connection:
            connection.register("requested", requested)
            if dense:
                connection.execute(f"SET perfect_ht_threshold = {DENSE_BITS}")
            try:
                return connection.execute(sql).to_arrow_table()
            finally:
                if dense:
                    connection.execute("RESET perfect_ht_threshold")
                connection.unregister("requested")

    def feature_days_of(self, account_ids: Sequence[int], since: date | None = None) -> pa.Table:
        """Use per feature and day of these accounts, by account, day and feature."""
        return self._rows_of("feature_days", account_ids, since, "feature")

    def user_days_of(self, account_ids: Sequence[int], since: date | None = None) -> pa.Table:
        """Use per user and day of these accounts, by account, day and user."""
        return self._rows_of("user_days", account_ids, since, "user_key")

    def account_days_of(self, account_ids: Sequence[int], since: date | None = None) -> pa.Table:
        """Use per day of these accounts, by account and day; ``last_ts`` is UTC."""
        return self._rows_of("account_days", account_ids, since, "events")

    def _rows_of(
        self, table: str, account_ids: Sequence[int], since: date | None, last: str
    ) -> pa.Table:
        with self._reading(account_ids) as connection:
            return contents.rows_of(connection, table, account_ids, since, last)

    @contextmanager
    def _reading(
        self, account_ids: Sequence[int] | pa.ChunkedArray
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection that finds these accounts' use soonest."""
        with self._lock:
            if self._closeup.covers(account_ids):
                with self._closeup.reading() as connection:
                    yield connection
            else:
                yield self._connection

    @contextmanager
    def _writing(self, *, keep: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction; ``keep`` what is remembered of datasets and how far they reach."""
        with self._lock:
            self._connection.begin()
            try:
                yield self._connection
            except BaseException:
                self._hot.forget()
                self._connection.rollback()
                self._extents = {}
                raise
            try:
                self._connection.commit()
            except BaseException:
                self._hot.forget()
                raise
            if not keep:
                self._specs = None
                self._extents = {}
                self._closeup.forget()

    def _grow(self, arrived: Sequence[tuple[int, pa.Table]]) -> None:
        """Widen the remembered extents of usage, which finding out again would scan tables for."""
        for _batch_id, table in arrived:
            for name, known in list(self._extents.items()):
                wider = contents.widened(known, table)
                if name in USAGE_EXTENTS:
                    self._extents[name] = wider
                elif wider.first_day < known.first_day:
                    del self._extents[name]
