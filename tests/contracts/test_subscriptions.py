"""What pages and scores read of contracts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from banso.contracts.selectors.datasets import SUBSCRIPTION_LINES, SUBSCRIPTION_TERMS
from banso.contracts.selectors.money import currencies_without_rate
from banso.contracts.selectors.subscriptions import arr_steps, lines_on, standings
from banso.kit import clock
from banso.kit.money import Money
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM

DAY = date(2026, 4, 15)
pytestmark = pytest.mark.usefixtures("db", "stopped_clock")


@pytest.fixture
def account() -> Any:
    from banso.accounts.models import Account

    now = clock.now()
    return Account.objects.create(name="Acme", created_at=now, updated_at=now)


def line(account: Any, start: date, end: date | None = None, **fields: Any) -> Any:
    from banso.contracts.models import Product, Subscription, SubscriptionLine

    is_addon = fields.pop("is_addon", False)
    key = "addon" if is_addon else "plan"
    product, _ = Product.objects.get_or_create(key=key, defaults={"is_addon": is_addon})
    values = {"mrr_minor": 1_000, "currency": "JPY", "billing_period_months": 12, **fields}
    subscription = Subscription.objects.create(
        account=account, currency=values["currency"], started_on=start
    )
    return SubscriptionLine.objects.create(
        account=account,
        subscription=subscription,
        product=product,
        start_on=start,
        end_on=end,
        external_id=f"{SubscriptionLine.objects.count()}",
        **values,
    )


def test_a_standing_has_arr_and_the_renewal_of_the_main_product(account: Any) -> None:
    line(account, date(2025, 8, 1))
    line(account, date(2026, 1, 1), billing_period_months=1, is_addon=True, mrr_minor=500)
    line(account, date(2026, 4, 1), is_trial=True, billing_period_months=1, mrr_minor=9_999)
    line(account, date(2026, 5, 1), mrr_minor=9_999)
    found = standings(DAY)[account.pk]
    assert found.recurring.arr == Money(18_000, "JPY")
    assert found.renewal_on == date(2026, 8, 1)
    assert found.active


def test_an_account_with_only_addons_renews_those(account: Any) -> None:
    line(account, date(2026, 1, 10), billing_period_months=1, is_addon=True)
    assert standings(DAY)[account.pk].renewal_on == date(2026, 5, 10)


def test_a_standing_after_the_end_is_inactive(account: Any) -> None:
    line(account, date(2025, 1, 1), DAY)
    found = standings(DAY)[account.pk]
    assert (found.active, found.renewal_on, found.recurring.arr.minor) == (False, None, 0)


def test_arr_steps_tell_every_change(account: Any) -> None:
    line(account, date(2025, 1, 1), date(2026, 1, 1))
    line(account, date(2026, 1, 1), date(2026, 7, 1), mrr_minor=3_000)
    line(account, date(2026, 1, 1), date(2026, 7, 1), mrr_minor=500, is_addon=True)
    assert [(step.day, step.arr.minor) for step in arr_steps(account)] == [
        (date(2025, 1, 1), 12_000),
        (date(2026, 1, 1), 42_000),
        (date(2026, 7, 1), 0),
    ]
    assert [one.mrr_minor for one in lines_on(account, DAY)] == [3_000, 500]


def test_terms_reach_ahead_and_keep_what_was_agreed(account: Any) -> None:
    line(account, date(2025, 8, 1), date(2026, 3, 1))
    line(account, date(2026, 3, 1), billing_period_months=6)
    rows = SUBSCRIPTION_TERMS.load()
    assert list(zip(rows["from_day"], rows["to_day"], rows["term_end"], strict=True)) == [
        (date(2025, 8, 1), date(2026, 3, 1), date(2026, 8, 1)),
        (date(2026, 3, 1), date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 9, 1), date(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2027, 9, 1), date(2027, 9, 1)),
    ]


def test_foreign_money_is_converted_at_the_company_rate_or_taken_at_face(account: Any) -> None:
    line(account, date(2026, 1, 1), mrr_minor=10_000, currency="USD")
    assert SUBSCRIPTION_LINES.load()["mrr"] == (100.0,)
    assert currencies_without_rate() == ["USD"]
    assert standings(DAY)[account.pk].recurring.arr == Money(120_000, "USD")
    change_company(actor=SYSTEM, exchange_rates={"USD": "150"})
    assert SUBSCRIPTION_LINES.load()["mrr"] == (15_000.0,)
    assert SUBSCRIPTION_LINES.load()["arr"] == (180_000.0,)
    assert currencies_without_rate() == []
    assert standings(DAY)[account.pk].recurring.arr == Money(180_000, "JPY")


def test_datasets_without_rows_still_have_their_columns() -> None:
    for dataset in (SUBSCRIPTION_LINES, SUBSCRIPTION_TERMS):
        columns = dataset.load()
        assert {"account_id", "from_day", "to_day", *dataset.columns} == set(columns)
        assert all(len(column) == 0 for column in columns.values())
