"""Files of NPS answers; an answer may belong to no account, as in a survey among users at large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context
from banso.connectors.kinds.records import RecordWriter
from banso.connectors.mapping import Field, FieldType, Record
from banso.connectors.types import Kind
from banso.voice.services import bulk
from banso.workspace.services.bulk import Undone
from banso.workspace.types import RowResult

T = FieldType


class NpsWriter(RecordWriter):
    """Answers to “how likely are you to recommend us?”."""

    kind = Kind.NPS
    content_ids = True
    moment = "answered_at"
    fields = (
        Field("score", T.INTEGER, "Score (0–10)", "推奨度（0〜10）", required=True, low=0, high=10,
              aliases=("nps", "nps_score", "rating", "recommend", "点数", "スコア", "推奨度")),
        Field("answered_at", T.MOMENT, "Answered", "回答日時", required=True,
              aliases=("date", "timestamp", "submitted_at", "created_at", "response_date",
                       "回答日")),
        account_field(required=False),
        Field("contact", T.TEXT, "Contact", "回答者", limit=200,
              aliases=("contact_id", "contact_external_id", "email", "respondent", "担当者")),
        Field("comment", T.TEXT, "Comment", "コメント", limit=20_000,
              aliases=("feedback", "text", "reason", "自由記述", "ご意見", "理由")),
        Field("wave", T.TEXT, "Wave", "回", limit=80, aliases=("survey", "campaign", "調査")),
        Field("external_id", T.TEXT, "Answer id", "回答ID", limit=200,
              aliases=("answer_id", "response_id", "id")),
    )  # fmt: skip

    def row(
        self, record: Record, account: int | None, problems: list[RowProblem]
    ) -> bulk.AnswerRow:
        """See :meth:`RecordWriter.row`."""
        problems += self.ahead(record, self.moment)
        given = record.values
        names = ("score", "answered_at", "comment", "wave")
        values: dict[str, Any] = {name: given[name] for name in names if name in given}
        if account is not None:
            values["account_id"] = account
            if contact := self.contacts.find(account, given.get("contact", "")):
                values["contact_id"] = contact
        if record.attributes:
            values["attributes"] = record.attributes
        return bulk.AnswerRow(given["external_id"], values)

    def upsert(self, rows: list[bulk.AnswerRow]) -> list[RowResult]:
        """See :meth:`RecordWriter.upsert`."""
        context = self.context
        return bulk.upsert_answers(
            actor=context.actor, source=context.spec.source, rows=rows, dry_run=context.dry_run
        )

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk.undo_answers(actor=context.actor, changes=changes)
