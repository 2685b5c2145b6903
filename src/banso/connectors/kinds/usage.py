"""Files of usage: single events, or rows that are already counted per day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context, Outcome, Portion, Writer, column_of
from banso.connectors.kinds.content_ids import with_content_ids
from banso.connectors.kinds.references import AccountFinder, SubscriptionFinder
from banso.connectors.kinds.usage_columns import UsageColumns, read_columns
from banso.connectors.mapping import Field, FieldType, MappingSpec, Reader, Record
from banso.connectors.types import Kind, Severity
from banso.usage.services.batches import accept_batch, revert_batches
from banso.workspace.services.bulk import Undone
from banso.workspace.types import Actor, RowOutcome, RowResult

T = FieldType
_COLUMN_ROWS = 100_000
_FIELDS = (
    account_field(required=False),
    Field("subscription", T.TEXT, "Subscription id", "契約ID", limit=200,
          aliases=("subscription_id",)),
    Field("external_id", T.TEXT, "Row id", "行ID", limit=200,
          aliases=("usage_id", "event_id", "message_id", "messageId", "id")),
    Field("user", T.TEXT, "User", "利用者", limit=200,
          aliases=("user_id", "userId", "user_key", "ユーザーID", "利用者ID")),
    Field("feature", T.TEXT, "Feature or event", "機能・イベント", limit=200, required=True,
          aliases=("event", "event_name", "feature_name", "action", "機能", "イベント", "操作")),
    Field("value", T.DECIMAL, "Value", "値", aliases=("event_value", "sum_value", "amount")),
)  # fmt: skip
_RAW = (
    Field("at", T.MOMENT, "Moment", "日時", required=True,
          aliases=("event_time", "timestamp", "time", "ts", "occurred_at", "発生日時", "日時")),
)  # fmt: skip
_COUNTED = (
    Field("day", T.DATE, "Day", "日付", required=True,
          aliases=("event_date", "usage_date", "date", "利用日", "集計日")),
    Field("events", T.INTEGER, "Number of events", "回数", low=0, high=10**15,
          aliases=("n_events", "count", "event_count", "usage_count", "利用回数", "件数")),
    Field("users", T.INTEGER, "Number of users", "利用者数", low=0, high=10**9,
          aliases=("n_users", "user_count", "active_users", "ユーザー数")),
)  # fmt: skip


class UsageWriter(Writer):
    """Usage goes into batches, from which the warehouse is made."""

    kind = Kind.USAGE
    fields = (*_FIELDS, *_RAW, *_COUNTED)
    chunk_rows = 20_000

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._accounts = AccountFinder(context.spec.source)
        self._subscriptions = SubscriptionFinder(context.spec.source)
        self._raw = is_raw(context.spec)

    @classmethod
    def fields_of(cls, spec: MappingSpec) -> tuple[Field, ...]:
        """Single events need a moment, counted rows a day; all an account or a subscription."""
        whose = account_field(required="subscription" not in spec.columns)
        return (whose, *_FIELDS[1:], *(_RAW if is_raw(spec) else _COUNTED))

    def key(self, record: Record) -> str:
        """The source's id; without one, counted rows are known by what they count."""
        values = record.values
        if not values.get("external_id") and not record.refused:
            whose = values.get("account") or values.get("subscription", "")
            parts = (whose, values.get("user", ""), values["day"].isoformat(), values["feature"])
            values["external_id"] = "|".join(parts)
        return str(values.get("external_id", ""))

    def arrange(self, reader: Reader) -> Iterator[Record]:
        """In the order of the file; single events without ids get one."""
        records = reader.records()
        return with_content_ids(records) if self._raw else records

    def portions(self, reader: Reader) -> Iterator[Portion]:
        """By columns where the file allows it, else row by row."""
        columns = read_columns(self.context, reader, raw=self._raw)
        if columns is None:
            yield from super().portions(reader)
            return
        for start in range(0, columns.rows.num_rows, _COLUMN_ROWS):
            yield self._portion(columns, reader, start)

    def write_many(self, many: pa.Table) -> RowOutcome:
        """Keep rows of a portion that have nothing to tell; see :meth:`Writer.write_many`."""
        self._keep_table(many)
        return RowOutcome.UNCHANGED if self.context.repeated else RowOutcome.NEW

    def _portion(self, columns: UsageColumns, reader: Reader, start: int) -> Portion:
        good = columns.good[start : start + _COLUMN_ROWS]
        blank = columns.blank[start : start + _COLUMN_ROWS]
        records = []
        for position in (np.flatnonzero(~good & ~blank) + start).tolist():
            record = reader.read(columns.first_row + position, columns.cells(position))
            if self._raw:
                record.values.setdefault("external_id", columns.keys[position].as_py())
            records.append(record)
        many = columns.rows.slice(start, _COLUMN_ROWS).filter(pa.array(good))
        return Portion(records, many if many.num_rows else None, many.num_rows)

    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """See :meth:`Writer.write`."""
        self._accounts.load(record.values.get("account", "") for record in records)
        self._subscriptions.load(record.values.get("subscription", "") for record in records)
        outcomes: list[Outcome] = []
        good: list[tuple[int, Record]] = []
        known = RowOutcome.UNCHANGED if self.context.repeated else RowOutcome.NEW
        result = RowResult(known, "usage", None)
        for record in records:
            outcome = Outcome(record.row)
            account = self._account(record)
            if isinstance(account, RowProblem):
                outcome.problems.append(account)
            elif (late := self._future(record)) is not None:
                outcome.problems.append(late)
            else:
                outcome.problems += self._outside(record)
                outcome.results.append(result)
                good.append((account, record))
            outcomes.append(outcome)
        if good:
            self._keep(good)
        return outcomes

    def finish(self) -> None:
        """Give the memory of a large file back to the system."""
        pa.default_memory_pool().release_unused()

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """Usage keeps no changes row by row; :meth:`revert` takes it back."""
        return Undone((), {})

    @classmethod
    def revert(cls, actor: Actor, origin: str) -> int:
        """See :meth:`Writer.revert`."""
        return revert_batches(actor=actor, origin=origin)

    def _account(self, record: Record) -> int | RowProblem:
        spec = self.context.spec
        if text := record.values.get("account"):
            return self._accounts.find(text, record.row, column_of(spec, "account"))
        if text := record.values.get("subscription"):
            return self._subscriptions.find(text, record.row, column_of(spec, "subscription"))
        return RowProblem(record.row, "required", column_of(spec, "account"))

    def _outside(self, record: Record) -> list[RowProblem]:
        """Usage that the source books on a subscription which did not run on that day."""
        own = record.values.get("subscription", "")
        span = self._subscriptions.span(own) if not record.values.get("account") else None
        day = record.values["_day"]
        if span is None or (span[0] <= day and (span[1] is None or day < span[1])):
            return []
        told = {"value": str(day), "start": str(span[0]), "end": str(span[1] or "…")}
        column = column_of(self.context.spec, "at" if self._raw else "day")
        return [RowProblem(record.row, "outside-subscription", column, told, Severity.WARNING)]

    def _future(self, record: Record) -> RowProblem | None:
        name = "at" if self._raw else "day"
        moment = record.values[name]
        day: date = moment.astimezone(self.context.zone).date() if self._raw else moment
        record.values["_day"] = day
        if day > self.context.today:
            column = column_of(self.context.spec, name)
            return RowProblem(record.row, "in-the-future", column, {"value": str(day)})
        return None

    def _keep(self, rows: Sequence[tuple[int, Record]]) -> None:
        self._keep_table(self._raw_table(rows) if self._raw else self._counted_table(rows))

    def _keep_table(self, table: pa.Table) -> None:
        newest = pc.max(table["day"]).as_py()
        self.last_day = max(newest, self.last_day or newest)
        if self.context.dry_run or self.context.repeated:
            return
        accept_batch(
            actor=self.context.actor,
            source=self.context.spec.source,
            kind="raw" if self._raw else "counted",
            table=table,
            origin=self.context.origin,
        )

    def _shared(self, rows: Sequence[tuple[int, Record]]) -> dict[str, list[Any]]:
        values = [record.values for _, record in rows]
        return {
            "account_id": [account for account, _ in rows],
            "user_key": [v.get("user") for v in values],
            "day": [v["_day"] for v in values],
            "feature": [v["feature"] for v in values],
            "value": [None if v.get("value") is None else float(v["value"]) for v in values],
        }

    def _raw_table(self, rows: Sequence[tuple[int, Record]]) -> pa.Table:
        values = [record.values for _, record in rows]
        return pa.table(
            self._shared(rows)
            | {
                "message_key": [v["external_id"] for v in values],
                "ts": [v["at"].astimezone(UTC).replace(tzinfo=None) for v in values],
            }
        )

    def _counted_table(self, rows: Sequence[tuple[int, Record]]) -> pa.Table:
        values = [record.values for _, record in rows]
        return pa.table(
            self._shared(rows)
            | {
                "row_key": [v["external_id"] for v in values],
                "events": [v.get("events", 1) for v in values],
                "users": pa.array([v.get("users") for v in values], pa.int64()),
            }
        )


def is_raw(spec: MappingSpec) -> bool:
    """Whether the file holds single events rather than counted days."""
    return spec.shape == "raw" or (spec.shape != "counted" and "at" in spec.columns)
