"""Files of touches and events with customers: calls, meetings, notes, cancellations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banso.accounts.services import bulk_activities
from banso.accounts.types import ActivityKind
from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context, Outcome, column_of
from banso.connectors.kinds.people import UserFinder
from banso.connectors.kinds.records import RecordWriter
from banso.connectors.mapping import Field, FieldType, Record
from banso.connectors.types import Kind, Severity
from banso.workspace.services.bulk import Undone
from banso.workspace.types import RowResult

T = FieldType
_KINDS: dict[str, tuple[str, ...]] = {
    ActivityKind.NOTE: ("memo", "comment", "メモ", "備考"),
    ActivityKind.CALL: ("phone", "tel", "電話", "架電"),
    ActivityKind.MEETING: (
        "visit",
        "web meeting",
        "demo",
        "打ち合わせ",
        "面談",
        "商談",
        "訪問",
        "定例",
    ),
    ActivityKind.MAIL: ("email", "e-mail", "メール"),
    ActivityKind.STAGE: (),
    ActivityKind.CONTRACT: ("契約",),
    ActivityKind.CANCELLATION: ("churn", "cancel", "解約", "解約申出"),
}


class ActivitiesWriter(RecordWriter):
    """Entries of the timeline."""

    kind = Kind.ACTIVITIES
    content_ids = True
    moment = "happened_at"
    fields = (
        account_field(),
        Field("external_id", T.TEXT, "Entry id", "活動ID", limit=200,
              aliases=("activity_id", "event_id", "churn_event_id", "id")),
        Field("kind", T.CHOICE, "Kind", "種別", choices=_KINDS, required=True,
              aliases=("type", "activity_type", "活動種別", "区分")),
        Field("happened_at", T.MOMENT, "When", "日時", required=True,
              aliases=("date", "at", "activity_date", "happened_on", "churn_date", "活動日",
                       "日付")),
        Field("title", T.TEXT, "Title", "件名", aliases=("subject", "summary", "タイトル", "概要")),
        Field("body", T.TEXT, "Text", "内容", limit=20_000,
              aliases=("text", "note", "notes", "comment", "description", "feedback_text", "本文")),
        Field("author", T.MAIL, "Author (mail)", "記入者（メール）",
              aliases=("author_email", "owner_email", "user_email", "担当者メール")),
        Field("contact", T.TEXT, "Contact", "相手", limit=200,
              aliases=("contact_id", "contact_external_id", "contact_email", "相手先担当者")),
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._users = UserFinder()

    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """See :meth:`Writer.write`."""
        self._users.load(record.values.get("author") for record in records)
        return super().write(records)

    def row(
        self, record: Record, account: Any, problems: list[RowProblem]
    ) -> bulk_activities.ActivityRow:
        """See :meth:`RecordWriter.row`."""
        given = record.values
        values: dict[str, Any] = {
            name: given[name] for name in ("kind", "happened_at", "title", "body") if name in given
        }
        values["account_id"] = account
        if contact := self.contacts.find(account, given.get("contact", "")):
            values["contact_id"] = contact
        if author := self._users.find(given.get("author")):
            values["author_id"] = author
        elif mail := given.get("author"):
            column = column_of(self.context.spec, "author")
            problems.append(
                RowProblem(record.row, "unknown-user", column, {"value": mail}, Severity.WARNING)
            )
        if record.attributes:
            values["data"] = record.attributes
        return bulk_activities.ActivityRow(given["external_id"], values)

    def upsert(self, rows: list[bulk_activities.ActivityRow]) -> list[RowResult]:
        """See :meth:`RecordWriter.upsert`."""
        context = self.context
        return bulk_activities.upsert_activities(
            actor=context.actor, source=context.spec.source, rows=rows, dry_run=context.dry_run
        )

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk_activities.undo_activities(actor=context.actor, changes=changes)
