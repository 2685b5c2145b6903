"""Files of people at customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from banso.accounts.services import bulk_people
from banso.accounts.types import ContactRole, Literacy
from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context
from banso.connectors.kinds.records import RecordWriter
from banso.connectors.mapping import Field, FieldType, Record
from banso.connectors.types import Kind
from banso.workspace.services.bulk import Undone
from banso.workspace.types import RowResult

T = FieldType
_ROLES: dict[str, tuple[str, ...]] = {
    ContactRole.OPERATOR: ("end user", "user", "operation", "利用者", "運用者", "運用担当",
                           "担当者"),
    ContactRole.ADMIN: ("administrator", "管理者", "システム管理者"),
    ContactRole.CHAMPION: ("推進者", "推進役", "チャンピオン", "キーマン"),
    ContactRole.DECISION_MAKER: (
        "decision maker", "executive", "sponsor", "buyer", "決裁者", "意思決定者", "役員",
    ),
    ContactRole.BILLING: ("finance", "accounting", "請求", "請求担当", "経理"),
    ContactRole.OTHER: ("その他", "unknown"),
}  # fmt: skip
_LITERACY: dict[str, tuple[str, ...]] = {
    Literacy.LOW: ("低", "初級"),
    Literacy.MID: ("medium", "中", "中級"),
    Literacy.HIGH: ("高", "上級"),
}


class ContactsWriter(RecordWriter):
    """People, each at one account."""

    kind = Kind.CONTACTS
    fields = (
        account_field(),
        Field("external_id", T.TEXT, "Contact id", "先方担当者ID", limit=200,
              aliases=("contact_id", "id", "person_id", "担当者ID", "連絡先ID")),
        Field("name", T.TEXT, "Name", "氏名", required=True, limit=200,
              aliases=("full_name", "contact_name", "お名前", "名前", "担当者名", "担当者")),
        Field("name_kana", T.TEXT, "Name in kana", "氏名（カナ）", limit=200,
              aliases=("kana", "フリガナ", "ふりがな", "氏名カナ")),
        Field("email", T.MAIL, "Mail address", "メールアドレス",
              aliases=("mail", "e-mail", "email_address", "メール")),
        Field("phone", T.TEXT, "Phone", "電話番号", limit=40, aliases=("tel", "mobile", "電話")),
        Field("department", T.TEXT, "Department", "部署", limit=120,
              aliases=("dept", "division", "部門", "所属")),
        Field("title", T.TEXT, "Job title", "役職", limit=120,
              aliases=("job_title", "position", "肩書")),
        Field("role", T.CHOICE, "Role", "役割", choices=_ROLES,
              aliases=("contact_role", "persona", "立場")),
        Field("literacy", T.CHOICE, "Literacy", "リテラシー", choices=_LITERACY,
              aliases=("skill", "習熟度", "ITリテラシー")),
        Field("language", T.TEXT, "Language", "言語", limit=8, aliases=("lang", "locale")),
        Field("consent", T.YES_NO, "Agreed to advertising mail", "広告メール同意",
              aliases=("opt_in", "optin", "marketing_consent", "メール配信", "配信許諾")),
        Field("left_on", T.DATE, "Left on", "退職日",
              aliases=("left_at", "departed_on", "異動日", "離任日")),
        Field("user_key", T.TEXT, "User id in usage data", "利用者ID", limit=200,
              aliases=("user_id", "userid", "login_id", "ユーザーID", "ログインID")),
    )  # fmt: skip

    def key(self, record: Record) -> str:
        """The source's id, else the account with mail address or name."""
        values = record.values
        who = values.get("email") or values.get("name", "")
        return super().key(record) or f"{values.get('account', '')}|{who}"

    def row(
        self, record: Record, account: Any, problems: list[RowProblem]
    ) -> bulk_people.ContactRow:
        """See :meth:`RecordWriter.row`."""
        left_out = ("account", "external_id")
        values = {name: value for name, value in record.values.items() if name not in left_out}
        if record.attributes:
            values["attributes"] = record.attributes
        return bulk_people.ContactRow(record.values.get("external_id", ""), account, values)

    def upsert(self, rows: list[bulk_people.ContactRow]) -> list[RowResult]:
        """See :meth:`RecordWriter.upsert`."""
        context = self.context
        return bulk_people.upsert_contacts(
            actor=context.actor, source=context.spec.source, rows=rows, dry_run=context.dry_run
        )

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk_people.undo_contacts(actor=context.actor, changes=changes)
