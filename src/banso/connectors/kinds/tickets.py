"""Files of support tickets: one row a ticket, or a log with one row for each of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context, Outcome, Writer, column_of
from banso.connectors.kinds.references import AccountFinder, ContactFinder
from banso.connectors.mapping import Field, FieldType, MappingSpec, Reader, Record
from banso.connectors.types import Kind, Severity
from banso.helpdesk.services import bulk
from banso.workspace.services.bulk import Undone

T = FieldType
_PRIORITIES = {
    "low": ("minor", "4", "p4", "低", "低い"),
    "normal": ("medium", "moderate", "3", "p3", "中", "普通", "通常"),
    "high": ("major", "2", "p2", "高", "高い"),
    "urgent": ("critical", "1", "p1", "緊急", "至急", "最優先"),
}
_ID_ALIASES = ("ticket_id", "case_id", "number", "id", "問い合わせ番号", "受付番号")
#: What a log says otherwise than a list: whose step each row is, and when it was taken.
_LOG_FIELDS = (
    Field("external_id", T.TEXT, "Ticket id", "チケットID", limit=200, required=True,
          aliases=_ID_ALIASES),
    Field("changed_at", T.MOMENT, "Changed", "更新日時", required=True,
          aliases=("sys_updated_at", "updated_at", "event_time")),
)  # fmt: skip
_PLAIN = (
    "subject", "priority", "status", "category", "opened_at", "first_response_at", "closed_at",
    "satisfaction", "escalated", "reopened", "sla_met",
)  # fmt: skip


class TicketsWriter(Writer):
    """Tickets; the rows of a log become one ticket with its history."""

    kind = Kind.TICKETS
    content_ids = True
    fields = (
        account_field(),
        Field("external_id", T.TEXT, "Ticket id", "チケットID", limit=200,
              aliases=_ID_ALIASES),
        Field("contact", T.TEXT, "Contact", "問い合わせ者", limit=200,
              aliases=("contact_id", "contact_external_id", "requester", "caller_id", "email")),
        Field("subject", T.TEXT, "Subject", "件名", aliases=("title", "summary", "タイトル")),
        Field("priority", T.CHOICE, "Priority", "優先度", choices=_PRIORITIES,
              aliases=("urgency", "severity", "緊急度", "重要度")),
        Field("status", T.TEXT, "Status", "状態", limit=40,
              aliases=("state", "incident_state", "ステータス", "対応状況")),
        Field("category", T.TEXT, "Category", "分類", limit=120,
              aliases=("type", "topic", "カテゴリ", "種別")),
        Field("opened_at", T.MOMENT, "Opened", "受付日時", required=True,
              aliases=("submitted_at", "created_at", "opened", "問い合わせ日", "起票日", "受付日")),
        Field("first_response_at", T.MOMENT, "First answer", "初回回答日時",
              aliases=("first_reply_at", "responded_at", "初回返信日時")),
        Field("first_response_minutes", T.DECIMAL, "Minutes to the first answer", "初回回答（分）",
              low=0, high=10**7,
              aliases=("first_response_time_minutes", "first_reply_time_minutes")),
        Field("closed_at", T.MOMENT, "Closed", "完了日時",
              aliases=("resolved_at", "solved_at", "closed", "解決日", "完了日", "クローズ日")),
        Field("satisfaction", T.INTEGER, "Satisfaction (1–5)", "満足度（1〜5）", low=1, high=5,
              aliases=("satisfaction_score", "csat", "rating", "満足度")),
        Field("escalated", T.YES_NO, "Escalated", "エスカレーション",
              aliases=("escalation_flag", "is_escalated")),
        Field("reopened", T.INTEGER, "Times reopened", "再オープン回数", low=0, high=10_000,
              aliases=("reopen_count",)),
        Field("sla_met", T.YES_NO, "SLA met", "SLA達成", aliases=("made_sla", "within_sla")),
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._accounts = AccountFinder(context.spec.source)
        self._contacts = ContactFinder()
        self._log = context.spec.shape == "log"

    @classmethod
    def fields_of(cls, spec: MappingSpec) -> tuple[Field, ...]:
        """A log also says when each of its rows was written, and needs the ids of its tickets."""
        if spec.shape != "log":
            return cls.fields
        return (cls.fields[0], *_LOG_FIELDS, *cls.fields[2:])

    def key(self, record: Record) -> str:
        """The source's id; in a log it is meant to come again."""
        return "" if self._log else super().key(record)

    def chunks(self, reader: Reader) -> Iterator[list[Record]]:
        """Rows in the order of the file; of a log, all rows of a ticket together."""
        if not self._log:
            return super().chunks(reader)
        return self._log_chunks(reader)

    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """See :meth:`Writer.write`."""
        self.note_day(records, "changed_at" if self._log else "opened_at")
        self._accounts.load(record.values["account"] for record in records)
        outcomes = {record.row: Outcome(record.row) for record in records}
        tickets = []
        for group in self._groups(records):
            found = self._find_account(group[-1])
            if isinstance(found, RowProblem):
                for record in group:
                    problem = RowProblem(record.row, found.code, found.column, found.params)
                    outcomes[record.row].problems.append(problem)
            else:
                tickets.append((found, group))
        self._contacts.load(
            (account, group[-1].values.get("contact", "")) for account, group in tickets
        )
        results = bulk.upsert_tickets(
            actor=self.context.actor,
            source=self.context.spec.source,
            rows=[self._ticket(a, group, outcomes[group[-1].row]) for a, group in tickets],
            dry_run=self.context.dry_run,
        )
        for (_, group), result in zip(tickets, results, strict=True):
            outcomes[group[0].row].results.append(result.ticket)
            for record, step in zip(group, result.steps, strict=False):
                outcomes[record.row].results.append(step)
        return [outcomes[record.row] for record in records]

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk.undo_tickets(actor=context.actor, record_type=record_type, changes=changes)

    def _log_chunks(self, reader: Reader) -> Iterator[list[Record]]:
        tickets: dict[str, list[Record]] = {}
        for record in reader.records():
            tickets.setdefault(record.values.get("external_id", ""), []).append(record)
        chunk: list[Record] = []
        for group in tickets.values():
            chunk += group
            if len(chunk) >= self.chunk_rows:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _groups(self, records: Sequence[Record]) -> list[list[Record]]:
        if not self._log:
            return [[record] for record in records]
        groups: dict[str, list[Record]] = {}
        for record in records:
            groups.setdefault(record.values["external_id"], []).append(record)
        # Steps of one minute keep the order of the file.
        return [sorted(g, key=lambda r: r.values["changed_at"]) for g in groups.values()]

    def _find_account(self, record: Record) -> int | RowProblem:
        column = column_of(self.context.spec, "account")
        return self._accounts.find(record.values["account"], record.row, column)

    def _ticket(self, account: int, group: Sequence[Record], outcome: Outcome) -> bulk.TicketRow:
        last = group[-1]
        given = last.values
        values: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
        values["account_id"] = account
        outcome.problems += self.ahead(last, "opened_at")
        if contact := self._contacts.find(account, given.get("contact", "")):
            values["contact_id"] = contact
        minutes = given.get("first_response_minutes")
        if minutes is not None and "first_response_at" not in values:
            values["first_response_at"] = given["opened_at"] + timedelta(minutes=float(minutes))
        if "closed_at" in values and values["closed_at"] < values["opened_at"]:
            outcome.problems.append(self._too_early(last))
            del values["closed_at"]
        if last.attributes:
            values["attributes"] = last.attributes
        return bulk.TicketRow(given["external_id"], values, self._steps(group))

    def _too_early(self, record: Record) -> RowProblem:
        span = {name: str(record.values[f"{name}_at"]) for name in ("opened", "closed")}
        return RowProblem(
            record.row,
            "closed-before-opened",
            column_of(self.context.spec, "closed_at"),
            {"start": span["opened"], "end": span["closed"]},
            Severity.WARNING,
        )

    def _steps(self, group: Sequence[Record]) -> tuple[bulk.Step, ...]:
        if not self._log:
            return ()
        return tuple(
            bulk.Step(
                at=record.values["changed_at"],
                status=record.values.get("status", ""),
                priority=record.values.get("priority", ""),
            )
            for record in group
        )
