"""The account column, which people name alike whatever kind of file it stands in."""

from __future__ import annotations

from banso.connectors.mapping import Field, FieldType

#: Ids come before names: where a file has both, the id finds the account for certain.
_ALIASES = (
    "account_id", "account_external_id", "customer_id", "company_id", "organization_id",
    "client_id", "group_id", "account_name", "customer", "customer_name", "company",
    "company_name", "client_name", "organization", "organisation",
    "顧客ID", "顧客コード", "顧客番号", "企業ID", "企業コード", "会社ID", "取引先ID",
    "取引先コード", "顧客名", "会社名", "企業名", "取引先", "取引先名", "契約先", "契約者", "社名",
)  # fmt: skip


def account_field(*, required: bool = True) -> Field:
    """The field that says whose row it is, by the account's id or name."""
    return Field(
        "account", FieldType.TEXT, "Account", "顧客", required=required, limit=200, aliases=_ALIASES
    )
