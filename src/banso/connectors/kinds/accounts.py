"""Files of companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from banso.accounts.rules import bare_domain, is_domain
from banso.accounts.services import bulk
from banso.accounts.types import Lifecycle
from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.base import Change, Context, Outcome, Writer, column_of
from banso.connectors.kinds.people import UserFinder
from banso.connectors.mapping import Field, FieldType, Record
from banso.connectors.types import Kind, Severity
from banso.kit.text import company_key
from banso.workspace.services.bulk import Undone

T = FieldType
_LIFECYCLES: dict[str, tuple[str, ...]] = {
    Lifecycle.PROSPECT: ("lead", "trial", "見込み", "商談中", "トライアル"),
    Lifecycle.ONBOARDING: ("implementation", "導入", "導入中", "オンボーディング"),
    Lifecycle.ADOPTION: ("active", "live", "customer", "活用", "定着", "利用中", "契約中"),
    Lifecycle.RENEWAL: ("renewing", "更新", "更新期"),
    Lifecycle.CHURNED: ("cancelled", "canceled", "lost", "inactive", "解約", "解約済み", "退会"),
}
_OWNERS = ("cs_owner", "sales_owner")


class AccountsWriter(Writer):
    """Companies with their ids, owners and everything else a file tells about them."""

    kind = Kind.ACCOUNTS
    fields = (
        Field("external_id", T.TEXT, "Account id", "顧客ID", limit=200,
              aliases=("account_id", "customer_id", "company_id", "id", "企業コード", "顧客コード",
                       "取引先コード", "顧客番号", "ＥＤＩＮＥＴコード")),
        Field("name", T.TEXT, "Name", "会社名", required=True,
              aliases=("account_name", "company", "company_name", "customer", "customer_name",
                       "organization", "企業名", "顧客名", "取引先名", "取引先", "法人名", "名称",
                       "提出者名", "社名")),
        Field("name_kana", T.TEXT, "Name in kana", "会社名（カナ）",
              aliases=("kana", "フリガナ", "企業名カナ", "会社名カナ", "提出者名（ヨミ）", "ヨミ")),
        Field("name_en", T.TEXT, "Name in English", "会社名（英語）",
              aliases=("english_name", "英語名", "英文名", "提出者名（英字）")),
        Field("domain", T.TEXT, "Domain", "ドメイン", limit=253,
              aliases=("website", "web", "url", "homepage", "ホームページ", "サイト")),
        Field("corporate_number", T.CORPORATE_NUMBER, "Corporate number", "法人番号",
              aliases=("houjin_bangou", "提出者法人番号", "法人No")),
        Field("industry", T.TEXT, "Industry", "業種", limit=120,
              aliases=("sector", "vertical", "業界", "提出者業種")),
        Field("employees", T.INTEGER, "Employees", "従業員数", low=0, high=2**31 - 1,
              aliases=("employee_count", "headcount", "company_size", "社員数", "規模")),
        Field("country", T.TEXT, "Country", "国", limit=80, aliases=("country_code", "国名")),
        Field("region", T.TEXT, "Region", "地域", limit=120,
              aliases=("state", "prefecture", "province", "都道府県", "エリア")),
        Field("address", T.TEXT, "Address", "住所", limit=500, aliases=("street", "所在地")),
        Field("language", T.TEXT, "Language", "言語", limit=8, aliases=("lang", "locale")),
        Field("time_zone", T.TEXT, "Time zone", "タイムゾーン", limit=64,
              aliases=("timezone", "tz")),
        Field("segment", T.TEXT, "Segment", "セグメント", limit=80,
              aliases=("tier", "plan_tier", "account_type", "区分", "顧客区分", "ランク")),
        Field("lifecycle", T.CHOICE, "Lifecycle", "ライフサイクル", choices=_LIFECYCLES,
              aliases=("stage", "lifecycle_stage", "status", "ステージ", "状態", "契約状況")),
        Field("cs_owner", T.MAIL, "CS owner (mail)", "CS担当（メール）",
              aliases=("csm", "cs_owner_email", "csm_email", "owner_email", "cs担当", "cs担当者",
                       "担当cs", "担当csm")),
        Field("sales_owner", T.MAIL, "Sales owner (mail)", "営業担当（メール）",
              aliases=("sales_owner_email", "account_executive", "ae", "sales_rep", "営業担当",
                       "営業担当者", "担当営業")),
        Field("customer_since", T.DATE, "Customer since", "契約開始日",
              aliases=("signup_date", "created", "created_at", "founded", "start_date",
                       "利用開始日", "取引開始日", "登録日")),
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._users = UserFinder()

    def key(self, record: Record) -> str:
        """The source's id, else the name without legal form."""
        return super().key(record) or f"name:{company_key(record.values.get('name', ''))}"

    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """See :meth:`Writer.write`."""
        outcomes = [Outcome(record.row) for record in records]
        self._users.load(record.values.get(name) for record in records for name in _OWNERS)
        rows = [
            bulk.AccountRow(
                record.values.get("external_id", ""), self._values(record, outcome.problems)
            )
            for record, outcome in zip(records, outcomes, strict=True)
        ]
        results = bulk.upsert_accounts(
            actor=self.context.actor,
            source=self.context.spec.source,
            rows=rows,
            dry_run=self.context.dry_run,
        )
        for record, outcome, result in zip(records, outcomes, results, strict=True):
            if isinstance(result, bulk.Refused):
                column = column_of(self.context.spec, "external_id")
                outcome.problems.append(RowProblem(record.row, result.code, column, result.params))
            else:
                outcome.results.append(result)
        return outcomes

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk.undo_accounts(actor=context.actor, changes=changes)

    def _values(self, record: Record, problems: list[RowProblem]) -> Mapping[str, Any]:
        values = {k: v for k, v in record.values.items() if k not in ("external_id", *_OWNERS)}
        if "domain" in values:
            told = values.pop("domain")
            if is_domain(bare := bare_domain(told)):
                values["domain"] = bare
            else:
                problems.append(self._warning(record, "not-a-domain", "domain", told))
        for name in _OWNERS:
            mail = record.values.get(name)
            user = self._users.find(mail)
            if user is not None:
                values[f"{name}_id"] = user
            elif mail:
                problems.append(self._warning(record, "unknown-user", name, mail))
        if record.attributes:
            values["attributes"] = record.attributes
        return values

    def _warning(self, record: Record, code: str, name: str, value: str) -> RowProblem:
        column = column_of(self.context.spec, name)
        return RowProblem(record.row, code, column, {"value": value[:100]}, Severity.WARNING)
