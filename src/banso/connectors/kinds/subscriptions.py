"""Files of subscription lines: what was agreed, from when to when, at which price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, date, timedelta
from decimal import Decimal
from typing import Any

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.account_field import account_field
from banso.connectors.kinds.base import Change, Context, column_of
from banso.connectors.kinds.records import RecordWriter
from banso.connectors.mapping import Field, FieldType, Reader, Record
from banso.connectors.types import Kind
from banso.contracts.services import bulk
from banso.contracts.services.story import tell_contracts
from banso.kit.money import Money
from banso.kit.numbers import currency_in
from banso.workspace.services.bulk import Undone
from banso.workspace.types import RowResult

T = FieldType
_QUANTUM = Decimal("0.0001")
#: Of the largest amount, in any currency, many fit into the sums that the product makes.
_MOST_MONEY = 10**13
#: Units of which one is one person's right to use the product.
_SEAT_UNITS = frozenset({"user", "users", "seat", "seats", "license", "licenses", "席", "人", "id"})
_PLAIN = ("seats", "unit", "billing_period_months", "is_trial", "auto_renew", "start_on")

#: Names that leave open whether the agreed term ends there or the customer left: taken as both.
_EITHER_END = ("end_date", "end", "ends_on", "to", "contract_end", "契約終了日", "契約期間終了日")


class SubscriptionsWriter(RecordWriter):
    """Lines; those that follow each other become one subscription."""

    kind = Kind.SUBSCRIPTIONS
    fields = (
        account_field(),
        Field("external_id", T.TEXT, "Line id", "明細ID", limit=200,
              aliases=("subscription_line_id", "subscription_id", "line_id", "contract_id", "id",
                       "契約番号", "契約ID")),
        Field("subscription", T.TEXT, "Subscription id", "契約ID", limit=200,
              aliases=("subscription_group",)),
        Field("product", T.TEXT, "Product", "商品", limit=120,
              aliases=("plan", "plan_tier", "product_name", "plan_name", "プラン", "製品")),
        Field("start_on", T.DATE, "Start", "開始日", required=True,
              aliases=("start_date", "start", "from", "契約開始日", "利用開始日")),
        Field("end_on", T.DATE, "End", "終了日",
              aliases=("cancelled_at", "canceled_at", "cancelled_on", "cancellation_date",
                       "cancel_date", "cancelled", "canceled", "churned_at", "churn_date",
                       "churned", "解約日", "解約年月日", *_EITHER_END)),
        Field("term_end_on", T.DATE, "End of the agreed term", "契約満了日",
              aliases=("term_end", "term_end_date", "contract_term_end", "renewal_date",
                       "renews_on", "renews_at", "renewal", "expiry", "expiry_date", "expires",
                       "expires_at", "expires_on", "expiration_date", "契約満了", "満了日",
                       "契約期限", "有効期限", "更新日", "次回更新日", "契約更新日", *_EITHER_END),
              shared=_EITHER_END),
        Field("mrr", T.DECIMAL, "Price per month", "月額", low=0,
              high=_MOST_MONEY,
              aliases=("mrr_amount", "monthly_price", "月額料金", "月額費用")),
        Field("arr", T.DECIMAL, "Price per year", "年額", low=0,
              high=_MOST_MONEY,
              aliases=("arr_amount", "annual_price", "年額料金", "年間契約額")),
        Field("price", T.DECIMAL, "Price per billing period", "請求期間の料金", low=0,
              high=_MOST_MONEY,
              aliases=("amount", "金額", "料金", "契約金額")),
        Field("currency", T.CURRENCY, "Currency", "通貨", aliases=("currency_code",)),
        Field("seats", T.INTEGER, "Seats", "席数", low=0, high=2**31 - 1,
              aliases=("licenses", "users", "ライセンス数", "ID数", "契約席数")),
        Field("quantity", T.DECIMAL, "Quantity", "数量", low=0, high=2**31 - 1,
              aliases=("qty", "units_count")),
        Field("unit", T.TEXT, "Unit", "単位", limit=60, aliases=("units",)),
        Field("billing_period_months", T.INTEGER, "Billing period (months)", "請求周期（月）",
              low=1, high=120,
              aliases=("bill_period_months", "billing_frequency", "billing_period", "請求周期")),
        Field("discount", T.DECIMAL, "Discount (0–1)", "割引率", low=0, high=1),
        Field("is_trial", T.YES_NO, "Trial", "トライアル", aliases=("trial",)),
        Field("auto_renew", T.YES_NO, "Renews by itself", "自動更新",
              aliases=("auto_renew_flag", "autorenew")),
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._touched: set[int] = set()
        self._prices: list[tuple[str, int]] = []

    def chunks(self, reader: Reader) -> Iterator[list[Record]]:
        """See :meth:`Writer.chunks`."""
        columns = self.context.spec.columns
        self._prices = [
            (name, reader.table.names.index(entry.column))
            for name in ("mrr", "arr", "price")
            if (entry := columns.get(name)) is not None and entry.column is not None
        ]
        return super().chunks(reader)

    def key(self, record: Record) -> str:
        """The source's id, else account, product and start."""
        values = record.values
        if not values.get("external_id") and not record.refused:
            parts = (values["account"], values.get("product", ""), values["start_on"].isoformat())
            values["external_id"] = "/".join(parts)[:200]
        return str(values.get("external_id", ""))

    def upsert(self, rows: list[bulk.LineRow]) -> list[RowResult]:
        """See :meth:`RecordWriter.upsert`."""
        results = bulk.upsert_lines(
            actor=self.context.actor,
            source=self.context.spec.source,
            rows=rows,
            grace_days=self.context.grace_days,
            products=self.context.spec.products,
            dry_run=self.context.dry_run,
        )
        for line, result in zip(rows, results, strict=True):
            if result.after:
                now_with = line.values["account_id"]
                # A line that was moved leaves an account whose story is another one now.
                self._touched |= {now_with, (result.before or {}).get("account_id", now_with)}
        return results

    def finish(self) -> None:
        """Put what began, changed and ended on the timelines."""
        tell_contracts(self._touched)

    @classmethod
    def undo(cls, context: Context, record_type: str, changes: Sequence[Change]) -> Undone:
        """See :meth:`Writer.undo`."""
        return bulk.undo_lines(actor=context.actor, changes=changes, grace_days=context.grace_days)

    def row(
        self, record: Record, account: Any, problems: list[RowProblem]
    ) -> bulk.LineRow | RowProblem:
        """See :meth:`RecordWriter.row`."""
        values = record.values
        line = {name: values[name] for name in _PLAIN if name in values} | self._ends(values)
        line["account_id"] = account
        if "end_on" in line and line["end_on"] <= values["start_on"]:
            span = {"start": str(values["start_on"]), "end": str(values["end_on"])}
            column = column_of(self.context.spec, "end_on")
            return RowProblem(record.row, "end-before-start", column, span)
        for name in ("quantity", "discount"):
            if name in values:
                line[name] = values[name].quantize(_QUANTUM)
        if "seats" not in line and values.get("unit", "").casefold() in _SEAT_UNITS:
            line["seats"] = int(values.get("quantity", 0))
        line["currency"] = values.get("currency") or self.context.currency
        if (other := self._other_currency(record, line["currency"])) is not None:
            return other
        line["mrr_minor"] = self._mrr(values, line["currency"])
        if record.attributes:
            line["attributes"] = record.attributes
        product = values.get("product") or "subscription"
        own = values.get("subscription", "")
        return bulk.LineRow(values["external_id"], product, own, line)

    def _ends(self, values: Mapping[str, Any]) -> dict[str, date]:
        """The first days without service and behind the term; the last year of all is no end."""
        given = {n: values[n] for n in ("end_on", "term_end_on") if n in values}
        known = {name: day for name, day in given.items() if day.year < MAXYEAR}
        if self.context.spec.end_is == "exclusive":
            return known
        return {name: day + timedelta(days=1) for name, day in known.items()}

    def _other_currency(self, record: Record, currency: str) -> RowProblem | None:
        """The sign that stands in an amount's cell must be the row's currency."""
        for name, place in self._prices:
            if not record.cells[place].isascii() or not record.cells[place][:1].isdigit():
                found = currency_in(record.cells[place])
                if found and found != currency and name in record.values:
                    told = {"found": found, "expected": currency}
                    column = column_of(self.context.spec, name)
                    return RowProblem(record.row, "mixed-currencies", column, told)
        return None

    @staticmethod
    def _mrr(values: dict[str, Any], currency: str) -> int:
        if "mrr" in values:
            monthly = values["mrr"]
        elif "arr" in values:
            monthly = values["arr"] / 12
        else:
            monthly = values.get("price", Decimal(0)) / values.get("billing_period_months", 1)
        return Money.from_decimal(monthly, currency).minor
