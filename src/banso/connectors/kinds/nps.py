"""Files of NPS answers; an answer may belong to no account, as in a survey among users at large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context, Outcome, Writer, column_of
from banso.connectors.kinds.content_ids import with_content_ids
from banso.connectors.kinds.references import AccountFinder, ContactFinder
from banso.connectors.mapping import Field, FieldType, Reader, Record
from banso.connectors.types import Kind
from banso.voice.services import bulk
from banso.workspace.services.bulk import Undone

T = FieldType


class NpsWriter(Writer):
    """Answers to “how likely are you to recommend us?”."""

    kind = Kind.NPS
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

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._accounts = AccountFinder(context.spec.source)
        self._contacts = ContactFinder()

    def arrange(self, reader: Reader) -> Iterator[Record]:
        """In the order of the file; answers without ids get one."""
        return with_content_ids(reader.records())

    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """See :meth:`Writer.write`."""
        self.note_day(records, "answered_at")
        self._accounts.load(record.values.get("account", "") for record in records)
        found = [self._account(record) for record in records]
        self._contacts.load(
            (account, record.values.get("contact", ""))
            for record, account in zip(records, found, strict=True)
            if isinstance(account, int)
        )
        outcomes = [Outcome(record.row) for record in records]
        good: list[tuple[Outcome, bulk.AnswerRow]] = []
        for record, account, outcome in zip(records, found, outcomes, strict=True):
            if isinstance(account, RowProblem):
                outcome.problems.append(account)
            else:
                row = bulk.AnswerRow(record.values["external_id"], self._values(record, account))
                good.append((outcome, row))
        results = bulk.upsert_answers(
            actor=self.context.actor,
            source=self.context.spec.source,
            rows=[row for _, row in good],
            dry_run=self.context.dry_run,
        )
        for (outcome, _), result in zip(good, results, strict=True):
            outcome.results.append(result)
        return outcomes

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk.undo_answers(actor=context.actor, changes=changes)

    def _account(self, record: Record) -> int | RowProblem | None:
        text = record.values.get("account")
        if not text:
            return None
        return self._accounts.find(text, record.row, column_of(self.context.spec, "account"))

    def _values(self, record: Record, account: int | None) -> dict[str, Any]:
        given = record.values
        names = ("score", "answered_at", "comment", "wave")
        values: dict[str, Any] = {name: given[name] for name in names if name in given}
        if account is not None:
            values["account_id"] = account
            if contact := self._contacts.find(account, given.get("contact", "")):
                values["contact_id"] = contact
        if record.attributes:
            values["attributes"] = record.attributes
        return values
